# Reads the image backups of a project, for example to attach the newest archive to other resources.
#   terraform apply -var endpoint=http://127.0.0.1:9000/v3/PROJECT -var token="$(openstack token issue -f value -c id)"

terraform {
  required_providers {
    http = {
      source  = "hashicorp/http"
      version = "~> 3.4"
    }
  }
}

variable "endpoint" {
  description = "The service's address with the project."
  type        = string
}

variable "token" {
  description = "A token. Leave it empty if the service requires none."
  type        = string
  default     = ""
  sensitive   = true
}

data "http" "uploaded" {
  url             = "${var.endpoint}/image-backups/detail?status=uploaded&sort=created_at:desc"
  request_headers = { "X-Auth-Token" = var.token }

  lifecycle {
    postcondition {
      condition     = self.status_code == 200
      error_message = self.response_body
    }
  }
}

output "archives" {
  value = [for backup in jsondecode(data.http.uploaded.response_body)["image-backups"] : "${backup.cos_bucket}/${backup.cos_object}"]
}
