variable "name" {
  description = "The name of the function, as of the authorizer's module; that of the dashboard, too."
  type        = string
  default     = "edge-authorizer"
}

variable "needs" {
  description = "The file with what `edge-authorizer needs --config authorizer.json` printed, as of the authorizer's module."
  type        = string
}

variable "distribution_id" {
  description = "The distribution that the authorizer guards."
  type        = string
}
