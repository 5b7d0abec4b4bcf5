# shellcheck shell=bash
# What deploying is made of: the CDK construct in deploy/cdk, and the tools that tests of deploying need.

readonly CDK=deploy/cdk
readonly DEPLOY_TESTS=tests/deploy
readonly TEMPLATES=deploy/cloudformation
readonly TERRAFORM_DASHBOARDS=deploy/terraform/dashboard

# Brings CDK, and for the tests the AWS CLI, moto and cfn-lint, but for these where there is no Python.
need_deploy_tools() {
  step 'looking for what deploying is tested with'
  need_npm_packages_in "$CDK" aws-cdk-lib
  if need_python_packages 'the AWS CLI, moto and cfn-lint' "$DEPLOY_TESTS/requirements.txt" "$(deploy_folder)" deploy_python; then
    have "AWS CLI, moto, cfn-lint ($(deploy_folder)/bin)"
  else
    note 'publishing and the templates will not be tested'
  fi
}

# Prints the Python that has moto; false if none has.
deploy_python() {
  local python
  python=$(deploy_folder)/bin/python
  "$python" -c 'import moto.server, awscli, cfnlint, hcl2' 2>/dev/null && printf '%s' "$python"
}

deploy_folder() {
  printf '%s/deploy-%s' "$TOOLS" "$(sha256sum "$DEPLOY_TESTS/requirements.txt" | cut -c 1-12)"
}

compile_cdk() {
  "$CDK/node_modules/.bin/tsc" --project "$CDK"
}

# Writes deploy/cloudformation/ and the dashboards for Terraform anew; the tests compare them. Needs pkg/tooling.
write_templates() {
  step "writing $TEMPLATES/ and $TERRAFORM_DASHBOARDS/"
  compile_cdk && node "$CDK/bin/templates.js" "$TEMPLATES" "$TERRAFORM_DASHBOARDS" || fail 'the templates could not be made' 'the lines above say why'
}
