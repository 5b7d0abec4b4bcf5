# What differs between viewers is in the cache key; what only lets a request pass is not.
resource "aws_cloudfront_cache_policy" "guarded" {
  name        = "${var.name}-cache"
  comment     = "Edge authorizer: no tokens, and whatever answers differ by"
  min_ttl     = 0
  default_ttl = 86400
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    headers_config {
      header_behavior = length(local.cache_key.headers) > 0 ? "whitelist" : "none"

      dynamic "headers" {
        for_each = length(local.cache_key.headers) > 0 ? [local.cache_key.headers] : []

        content {
          items = headers.value
        }
      }
    }

    cookies_config {
      cookie_behavior = length(local.cache_key.cookies) > 0 ? "whitelist" : "none"

      dynamic "cookies" {
        for_each = length(local.cache_key.cookies) > 0 ? [local.cache_key.cookies] : []

        content {
          items = cookies.value
        }
      }
    }

    query_strings_config {
      query_string_behavior = length(local.cache_key.queryStringsExcept) > 0 ? "allExcept" : "all"

      dynamic "query_strings" {
        for_each = length(local.cache_key.queryStringsExcept) > 0 ? [local.cache_key.queryStringsExcept] : []

        content {
          items = query_strings.value
        }
      }
    }
  }
}

# Only where requests are signed: a function at origin-request sees a query only where all of it goes to the origin.
resource "aws_cloudfront_origin_request_policy" "guarded" {
  count   = local.needs.forwardsWholeQuery ? 1 : 0
  name    = "${var.name}-origin-request"
  comment = "Edge authorizer: the whole query, which is signed"

  headers_config {
    header_behavior = "none"
  }

  cookies_config {
    cookie_behavior = "none"
  }

  query_strings_config {
    query_string_behavior = "all"
  }
}

resource "aws_cloudfront_response_headers_policy" "guarded" {
  name    = "${var.name}-response-headers"
  comment = "Edge authorizer: safe defaults, and the origins that the configuration names"

  security_headers_config {
    content_type_options {
      override = true
    }

    # URLs with a token in them are nobody else's business.
    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = false
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = false
    }
  }

  dynamic "cors_config" {
    for_each = [for cors in [local.needs.cors] : cors if cors != null]

    content {
      access_control_allow_credentials = cors_config.value.allowCredentials
      access_control_max_age_sec       = try(cors_config.value.maxAgeSeconds, null)
      origin_override                  = true

      access_control_allow_headers {
        items = cors_config.value.allowHeaders
      }

      access_control_allow_methods {
        items = cors_config.value.allowMethods
      }

      access_control_allow_origins {
        items = cors_config.value.allowOrigins
      }

      access_control_expose_headers {
        items = cors_config.value.exposeHeaders
      }
    }
  }
}
