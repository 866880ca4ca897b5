"""What of a template the emulator moto can deploy, and what has to be changed for it."""

import contextlib
import io
from collections.abc import Callable
from typing import Any

from moto.cloudformation.parsing import resource_class_from_type

Template = dict[str, Any]

BATCH_ATTRIBUTES = "ARNs of Batch asked for by reference: moto knows no attributes of these resources"


class Known:
    """A template that moto can deploy: `template`, and what it cost. `left_out` and `changed` are for people."""

    def __init__(self, template: Template) -> None:
        resources = template["Resources"]
        self.left_out = {name: r["Type"] for name, r in resources.items() if not _known(r["Type"])}
        self.changed: dict[str, list[str]] = {}
        self.template = {
            "Resources": {n: self._without(r) for n, r in resources.items() if n not in self.left_out},
            "Outputs": {n: self._without(o) for n, o in template["Outputs"].items()},
        }
        for name, resource in self.template["Resources"].items():
            for change in CHANGES.get(resource["Type"], ()):
                if change(resource["Properties"], self.template["Resources"]):
                    self.changed.setdefault(change.__doc__ or "", []).append(name)

    def _without(self, part: Any) -> Any:
        """The part, with an ARN of nothing wherever it refers to what is left out."""
        if isinstance(part, list):
            return [self._without(item) for item in part]
        if not isinstance(part, dict):
            return part
        attribute = part.get("Fn::GetAtt")
        meant = attribute[0] if attribute else part.get("Ref")
        if meant in self.left_out:
            return f"arn:aws:left-out:us-east-1:123456789012:{meant}"
        if attribute and attribute[1] in ("ComputeEnvironmentArn", "JobQueueArn"):
            self.changed.setdefault(BATCH_ATTRIBUTES, []).append(attribute[0])
            return {"Ref": attribute[0]}
        return {key: self._without(value) for key, value in part.items() if key != "DependsOn"}


def _known(resource_type: str) -> bool:
    with contextlib.redirect_stdout(io.StringIO()):
        return resource_class_from_type(resource_type) is not None


def _key_tags(properties: dict[str, Any], _: Template) -> bool:
    """tags of keys left out: moto expects the names that the API has, not those of CloudFormation"""
    return properties.pop("Tags", None) is not None


def _service_role(properties: dict[str, Any], resources: Template) -> bool:
    """a service role added: moto knows no service-linked role"""
    if "ServiceRole" in properties:
        return False
    role = next(name for name, r in resources.items() if r["Type"] == "AWS::IAM::Role")
    properties["ServiceRole"] = {"Fn::GetAtt": [role, "Arn"]}
    return True


def _template_version(properties: dict[str, Any], _: Template) -> bool:
    """the version of the launch template left out: moto does not tell it"""
    return properties["ComputeResources"]["LaunchTemplate"].pop("Version", None) is not None


def _kind(properties: dict[str, Any], _: Template) -> bool:
    """types of environments in the case that moto compares them in"""
    properties["Type"] = properties["Type"].upper()
    return True


def _targets(properties: dict[str, Any], resources: Template) -> bool:
    """targets of rules other than queues left out: moto fails on an event that a topic or a workflow would get"""
    targets = properties.get("Targets", [])
    queues = [t for t in targets if _refers_to_queue(t["Arn"], resources)]
    properties["Targets"] = queues
    return len(queues) < len(targets)


def _refers_to_queue(arn: Any, resources: Template) -> bool:
    name = arn.get("Fn::GetAtt", [None])[0]
    return name in resources and resources[name]["Type"] == "AWS::SQS::Queue"


CHANGES: dict[str, tuple[Callable[[dict[str, Any], Template], bool], ...]] = {
    "AWS::KMS::Key": (_key_tags,),
    "AWS::Events::Rule": (_targets,),
    "AWS::Batch::ComputeEnvironment": (_kind, _service_role, _template_version),
}
