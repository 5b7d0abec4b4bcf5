"""moto's server, with what it lacks of Lambda@Edge: associations of functions are kept; a distribution that was changed
has another ETag, which is compared, and takes a while; and a function cannot be deleted while it is associated, nor at
the first try after that, since its replicas go later ("Delete Lambda@Edge functions and replicas" in the CloudFront
Developer Guide)."""

import re

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.cloudfront.exceptions import InvalidIfMatchVersion
from moto.cloudfront.models import CloudFrontBackend, DefaultCacheBehaviour, cloudfront_backends
from moto.moto_api import state_manager
from moto.moto_api._internal import mock_random
from moto.server import main

replicated: set[str] = set()


def keep_associations() -> None:
    plain = DefaultCacheBehaviour.__init__

    def with_associations(self, config):
        plain(self, config)
        items = (config.get("LambdaFunctionAssociations") or {}).get("Items") or []
        self.lambda_function_associations = {"Quantity": len(items), "Items": items}
        for item in items:
            if not re.search(r":\d+$", item["LambdaFunctionARN"]):
                raise InvalidParameterValueException("The function ARN must reference a specific function version.")
            replicated.add(item["LambdaFunctionARN"].rsplit(":", 1)[0])

    DefaultCacheBehaviour.__init__ = with_associations


def change_as_cloudfront_does() -> None:
    plain = CloudFrontBackend.update_distribution

    def with_etag(self, dist_config, _id, if_match):
        if if_match != self.distributions[_id].etag:
            raise InvalidIfMatchVersion
        self.distributions[_id].etag = mock_random.get_random_hex(14).upper()
        result = plain(self, dist_config, _id, if_match)
        self.distributions[_id].status = "InProgress"
        self.distributions[_id]._tick = 0
        return result

    state_manager.set_transition("cloudfront::distribution", {"progression": "manual", "times": 2})
    CloudFrontBackend.update_distribution = with_etag


def associated() -> set[str]:
    backends = [backend["aws"] for backend in cloudfront_backends.values()]
    configs = [one.distribution_config for backend in backends for one in backend.distributions.values()]
    behaviors = [b for one in configs for b in [one.DefaultCacheBehavior, *one.CacheBehaviors.get("Items", [])]]
    items = [item for behavior in behaviors for item in behavior.lambda_function_associations["Items"]]
    return {item["LambdaFunctionARN"].rsplit(":", 1)[0] for item in items}


def refuse_to_delete_replicated() -> None:
    plain = LambdaBackend.delete_function

    def with_replicas(self, function_name, qualifier):
        arn = self.get_function(function_name).function_arn
        if arn in replicated:
            replicated.intersection_update(associated())
            raise InvalidParameterValueException(
                f"Lambda was unable to delete {arn} because it is a replicated function. Please see our documentation "
                "for Deleting Lambda@Edge Functions and Replicas."
            )
        return plain(self, function_name, qualifier)

    LambdaBackend.delete_function = with_replicas


keep_associations()
change_as_cloudfront_does()
refuse_to_delete_replicated()
main()
