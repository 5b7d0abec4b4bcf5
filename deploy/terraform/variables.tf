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
  description = "Megabytes of the function. A share of a CPU goes with them. More than 128 is for accounts that have today's quotas at viewer-request."
  type        = number
  default     = 128

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "Lambda has from 128 to 10240 megabytes."
  }
}

variable "timeout" {
  description = "Seconds after which the function is ended. It waits 4 seconds for a provider itself."
  type        = number
  default     = 5

  validation {
    condition     = var.timeout >= 5 && var.timeout <= 30 && floor(var.timeout) == var.timeout
    error_message = "Lambda@Edge allows 30 seconds at most, and the function needs 5."
  }
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
