# A private bucket behind a distribution that the authorizer guards:
#
#   ./build.sh build --config authorizer.json
#   node www-shim/cli.mjs needs --config authorizer.json > dist/needs.json
#   terraform -chdir=deploy/terraform/example init
#   terraform -chdir=deploy/terraform/example apply

provider "aws" {
  region = "us-east-1"
}

module "authorizer" {
  source = "../"

  zip   = "${path.root}/../../../dist/edge-authorizer.zip"
  needs = "${path.root}/../../../dist/needs.json"
}

resource "aws_s3_bucket" "content" {
  bucket_prefix = "guarded-"
}

resource "aws_s3_bucket_public_access_block" "content" {
  bucket                  = aws_s3_bucket.content.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_cloudfront_origin_access_control" "content" {
  name                              = "guarded-content"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# "Restrict access to an Amazon S3 origin": this distribution and nobody else.
data "aws_iam_policy_document" "content" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.content.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.guarded.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "content" {
  bucket = aws_s3_bucket.content.id
  policy = data.aws_iam_policy_document.content.json
}

resource "aws_cloudfront_distribution" "guarded" {
  enabled         = true
  comment         = "Guarded by the edge authorizer"
  is_ipv6_enabled = true
  http_version    = "http2and3"

  origin {
    origin_id                = "content"
    domain_name              = aws_s3_bucket.content.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.content.id
  }

  default_cache_behavior {
    target_origin_id           = "content"
    viewer_protocol_policy     = "https-only"
    compress                   = true
    allowed_methods            = module.authorizer.allowed_methods
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = module.authorizer.cache_policy_id
    origin_request_policy_id   = module.authorizer.origin_request_policy_id
    response_headers_policy_id = module.authorizer.response_headers_policy_id

    dynamic "lambda_function_association" {
      for_each = module.authorizer.associations

      content {
        event_type   = lambda_function_association.value.event_type
        include_body = lambda_function_association.value.include_body
        lambda_arn   = module.authorizer.qualified_arn
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

module "dashboard" {
  source = "../dashboard"

  needs           = "${path.root}/../../../dist/needs.json"
  distribution_id = aws_cloudfront_distribution.guarded.id
}

output "url" {
  value = "https://${aws_cloudfront_distribution.guarded.domain_name}"
}
