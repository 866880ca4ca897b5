"""
Deploys the synthesized template to the emulator moto, as far as moto knows its resources, and tries what is there.

Prints what was left out and why. Writes the outputs as `cdk deploy --outputs-file` does. Ends with 1 where something of it
does not work. moto looks at no rights: roles and policies are made, nobody is refused.
"""

import json
import logging
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer
from what_moto_knows import Known

STACK = "honua-geoprocessing"
REGION = "us-east-1"


def main(template_file: str, outputs_file: str) -> int:
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    known = Known(json.loads(Path(template_file).read_text()))
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        moto = Moto(f"http://{host}:{port}")
        outputs = moto.deploy(known.template)
        report(known)
        faults = moto.try_out(outputs)
    finally:
        server.stop()
    Path(outputs_file).write_text(json.dumps({STACK: outputs}, indent=2))
    for fault in faults:
        print(f"FAULT: {fault}")
    if not faults:
        print("What was deployed works as the service needs it.")
    return 1 if faults else 0


def report(known: Known) -> None:
    total = len(known.template["Resources"]) + len(known.left_out)
    print(f"Deployed {total - len(known.left_out)} of {total} resources.")
    for kind, count in sorted(Counter(known.left_out.values()).items()):
        print(f"  left out: {count} x {kind}: moto has no such resource in CloudFormation")
    for why, names in known.changed.items():
        print(f"  changed: {why} ({', '.join(sorted(set(names)))})")
    print("  not applied: versions and lifecycles of buckets, and timeouts of definitions: moto does not read them")


class Moto:
    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id="none",
            aws_secret_access_key="none",
        )

    def deploy(self, template: dict[str, Any]) -> dict[str, str]:
        formation = self.client("cloudformation")
        formation.create_stack(StackName=STACK, TemplateBody=json.dumps(template))
        stack = formation.describe_stacks(StackName=STACK)["Stacks"][0]
        made = formation.describe_stack_resources(StackName=STACK)["StackResources"]
        missing = set(template["Resources"]) - {r["LogicalResourceId"] for r in made}
        if stack["StackStatus"] != "CREATE_COMPLETE" or missing:
            raise SystemExit(f"{stack['StackStatus']}; not made: {sorted(missing)}")
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def try_out(self, outputs: dict[str, str]) -> list[str]:
        checks = (self.buckets, self.completions, self.dead_letters, self.batch, self.logs)
        return [fault for check in checks for fault in check(outputs)]

    def buckets(self, outputs: dict[str, str]) -> list[str]:
        s3, faults = self.client("s3"), []
        for name in (outputs["CloudBatchInputBucket"], outputs["CloudBatchOutputBucket"]):
            rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
            if rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] != "aws:kms":
                faults.append(f"{name} is not encrypted with a key of KMS")
            s3.put_object(Bucket=name, Key="jobs/1/inputs.json", Body=b"{}", Tagging="retention-days=7")
        return faults

    def completions(self, outputs: dict[str, str]) -> list[str]:
        """Events of our queues, and no others, come to the completion queue."""
        sqs, events, batch = self.client("sqs"), self.client("events"), self.client("batch")
        queue = sqs.get_queue_url(QueueName=outputs["CloudBatchCompletionQueue"])["QueueUrl"]
        ours = batch.describe_job_queues(jobQueues=[outputs["CloudBatchJobQueue"]])["jobQueues"][0]["jobQueueArn"]
        sent = {
            "ours": ("aws.batch", "Batch Job State Change", ours),
            "of-another-queue": ("aws.batch", "Batch Job State Change", f"{ours}-other"),
            "of-another-source": ("app.batch", "Batch Job State Change", ours),
            "of-another-kind": ("aws.batch", "Batch Job Queue Blocked", ours),
        }
        for job_id, (source, kind, job_queue) in sent.items():
            detail = json.dumps({"jobId": job_id, "jobQueue": job_queue, "status": "RUNNABLE"})
            events.put_events(Entries=[{"Source": source, "DetailType": kind, "Detail": detail}])
        got = []
        end = time.monotonic() + 5
        while time.monotonic() < end:
            answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            if not (messages := answer.get("Messages")):
                break
            got += [json.loads(message["Body"])["detail"]["jobId"] for message in messages]
            for message in messages:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [] if got == ["ours"] else [f"of the events sent, those that came are {got}"]

    def dead_letters(self, outputs: dict[str, str]) -> list[str]:
        """What is received five times and never deleted is put apart."""
        sqs = self.client("sqs")
        queue, dead = (
            sqs.get_queue_url(QueueName=outputs["CloudBatchCompletionQueue"] + suffix)["QueueUrl"]
            for suffix in ("", "-dead")
        )
        sqs.send_message(QueueUrl=queue, MessageBody="poison")
        times = 0
        while times < 10:
            answer = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0, WaitTimeSeconds=0)
            if "Messages" not in answer:
                break
            times += 1
        letters = sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1).get("Messages", [])
        return [] if times == 5 and len(letters) == 1 else [f"received {times} times, {len(letters)} put apart"]

    def batch(self, outputs: dict[str, str]) -> list[str]:
        batch = self.client("batch")
        name, revision = outputs["CloudBatchJobDefinition"].split(":")
        found = batch.describe_job_definitions(jobDefinitionName=name)["jobDefinitions"]
        revisions = [str(definition["revision"]) for definition in found]
        faults = [] if revisions == [revision] else [f"{name} has the revisions {revisions}, not {revision}"]
        environments = batch.describe_compute_environments()["computeEnvironments"]
        sizes = sorted(e["computeResources"]["maxvCpus"] for e in environments)
        return faults if sizes == [64, 256] else [*faults, f"environments are of {sizes} vCPU"]

    def logs(self, outputs: dict[str, str]) -> list[str]:
        name = outputs["CloudBatchLogGroupName"]
        groups = self.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        return [] if [g.get("retentionInDays") for g in groups] == [7] else [f"{name} is kept for another time"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
