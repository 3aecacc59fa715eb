"""Makes the calls that come as lines of JSON, and answers each with a line: its result or AWS's error."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

client = boto3.client("cognito-idp", endpoint_url=sys.argv[1])


def call(name, arguments, pages):
    if pages:
        return client.get_paginator(name).paginate(**arguments).build_full_result()
    return getattr(client, name)(**arguments)


for line in sys.stdin:
    try:
        answer = {"result": call(**json.loads(line))}
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        answer = {"error": {**error.response["Error"], "Status": status}}
    print(json.dumps(answer, default=str), flush=True)
