terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The one that the caller gives has to be for us-east-1: Lambda@Edge functions live there.
      version = ">= 6.22"
    }
  }
}
