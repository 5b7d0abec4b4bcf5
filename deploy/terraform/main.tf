# The edge authorizer as a Lambda@Edge function, with the policies that fit its configuration. A distribution takes it by
# its cache behaviors: example/ has one.
#
# What the distribution needs is not written here: `edge-authorizer needs --config authorizer.json` says it.

locals {
  needs         = jsondecode(file(var.needs))
  cache_key     = local.needs.cacheKey
  function_name = var.name
  # Where the configuration does not say of what, the caller does.
  permissions = [
    for permission in local.needs.permissions : {
      actions   = permission.actions
      resources = coalesce(permission.resources, var.origin_arns)
    }
  ]
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# "Set up IAM permissions and roles for Lambda@Edge": both services have to be able to assume it.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
    }
  }
}

# The log is in the Region that ran the function, under a name that begins with the function's own Region.
data "aws_iam_policy_document" "permissions" {
  statement {
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      for suffix in ["", ":*"] :
      "arn:${data.aws_partition.current.partition}:logs:*:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/us-east-1.${local.function_name}${suffix}"
    ]
  }

  dynamic "statement" {
    for_each = local.permissions

    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role" "function" {
  name               = var.name
  description        = "Edge authorizer: writes its log, and what the configuration needs"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "function" {
  name   = "edge-authorizer"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.permissions.json
}

# Unless asked for more, within what Lambda@Edge always allowed: 128 MB and 5 seconds; no environment, no layers, x86_64.
resource "aws_lambda_function" "authorizer" {
  function_name    = local.function_name
  description      = "Authorizes viewer requests at the edge"
  filename         = var.zip
  source_code_hash = filebase64sha256(var.zip)
  handler          = "index.handler"
  runtime          = "nodejs24.x"
  architectures    = ["x86_64"]
  memory_size      = var.memory_size
  timeout          = var.timeout
  role             = aws_iam_role.function.arn
  # Each change is a numbered version, which is what a distribution calls.
  publish = true

  depends_on = [aws_iam_role_policy.function]

  timeouts {
    # Replicas go some hours after the last association is gone.
    delete = var.delete_timeout
  }

  lifecycle {
    precondition {
      condition     = local.needs.authorization == "on" || var.allow_authorization_off
      error_message = "The configuration has authorization off: every request would pass."
    }

    precondition {
      condition     = alltrue([for permission in local.permissions : length(permission.resources) > 0])
      error_message = "The role needs permissions that the configuration does not say the resources of: origin_arns has to."
    }
  }
}
