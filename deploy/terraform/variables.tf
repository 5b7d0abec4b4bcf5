variable "zip" {
  description = "The zip that `./build.sh build --config authorizer.json` made."
  type        = string
}

variable "needs" {
  description = "The file with what `edge-authorizer needs --config authorizer.json` printed for the same configuration."
  type        = string
}

variable "name" {
  description = "The name of function and role, and what the names of policies begin with."
  type        = string
  default     = "edge-authorizer"
}

variable "memory_size" {
  description = "Megabytes of the function. A share of a CPU goes with them."
  type        = number
  default     = 128
}

variable "origin_arns" {
  description = "ARNs of what `forward.sign` signs for, where the configuration does not say."
  type        = list(string)
  default     = []
}

variable "allow_authorization_off" {
  description = "Whether a configuration with `\"authorization\": \"off\"` may be deployed."
  type        = bool
  default     = false
}

variable "delete_timeout" {
  description = "How long destroying waits for CloudFront to give up its replicas of the function."
  type        = string
  default     = "6h"
}
