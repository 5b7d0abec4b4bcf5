output "qualified_arn" {
  description = "The numbered version, for `lambda_function_association`."
  value       = aws_lambda_function.authorizer.qualified_arn
}

output "associations" {
  description = "The events that call it, for `lambda_function_association` of each behavior."
  value = concat(
    [{ event_type = "viewer-request", include_body = false }],
    [
      for request in [local.needs.originRequest] :
      { event_type = "origin-request", include_body = request.includeBody } if request != null
    ],
  )
}

output "allowed_methods" {
  description = "For `allowed_methods` of each behavior."
  value       = local.needs.allowedMethods
}

output "cache_policy_id" {
  value = aws_cloudfront_cache_policy.guarded.id
}

output "origin_request_policy_id" {
  description = "Null where none is needed."
  value       = one(aws_cloudfront_origin_request_policy.guarded[*].id)
}

output "response_headers_policy_id" {
  value = aws_cloudfront_response_headers_policy.guarded.id
}
