# A CloudWatch dashboard for the authorizer: what viewers are answered, and how the function does in each Region. It is a module of
# its own, since it needs the id of the distribution, which needs the authorizer.
#
# The templates are made from the CDK construct's dashboard: `./build.sh templates`.

locals {
  counts_decisions = jsondecode(file(var.needs)).metrics != null
}

resource "aws_cloudwatch_dashboard" "authorizer" {
  dashboard_name = var.name
  dashboard_body = templatefile("${path.module}/${local.counts_decisions ? "metrics" : "log"}.json.tftpl", {
    function_name   = var.name
    distribution_id = var.distribution_id
  })
}
