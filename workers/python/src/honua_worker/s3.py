"""Storage in S3, `s3://bucket/key`. Region and credentials come from the environment and the role of the job."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from time import sleep
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from honua_worker.faults import ProcessError
from honua_worker.stored import Stored, measured

ABSENT = {"404", "NoSuchKey", "NotFound"}
IS_THERE = {"412", "PreconditionFailed"}
AT_THE_SAME_TIME = {"409", "ConditionalRequestConflict"}
MOST_TRIES = 5


@cache
def _client() -> Any:
    config = Config(retries={"mode": "standard", "max_attempts": MOST_TRIES}, connect_timeout=10, read_timeout=60)
    # What this library reads by itself is AWS_DEFAULT_REGION; containers of AWS have the other one.
    return boto3.client("s3", region_name=os.environ.get("AWS_REGION"), config=config)


def read(uri: str) -> bytes:
    with _faults_of(uri):
        answer = _client().get_object(**_place(uri))
        data: bytes = answer["Body"].read()
        return data


def fetch(uri: str) -> tuple[Path, Stored]:
    """Into the folder for temporary files; its name ends as the key does."""
    place = _place(uri)
    handle, name = tempfile.mkstemp(suffix=PurePosixPath(place["Key"]).suffix)
    os.close(handle)
    with _faults_of(uri):
        _client().download_file(place["Bucket"], place["Key"], name)
    return Path(name), measured(Path(name))


def exists(uri: str) -> bool:
    try:
        _client().head_object(**_place(uri))
    except ClientError as error:
        # Who may not list a bucket is told 403 of what is not there.
        if _code(error) in {*ABSENT, "403", "AccessDenied"}:
            return False
        raise _unexplained(uri, error) from error
    except BotoCoreError as error:
        raise _unexplained(uri, error) from error
    return True


def replace(uri: str, data: bytes) -> None:
    with _faults_of(uri):
        _client().put_object(**_place(uri), **_encryption(), Body=data)


def create(uri: str, data: bytes) -> bool:
    """By a conditional write. Two at the same time are both told so, and ask again."""
    for tries in range(MOST_TRIES):
        try:
            _client().put_object(**_place(uri), **_encryption(), Body=data, IfNoneMatch="*")
        except ClientError as error:
            if _code(error) in IS_THERE:
                return False
            if _code(error) not in AT_THE_SAME_TIME:
                raise _unexplained(uri, error) from error
            sleep(0.1 * 2**tries)
        except BotoCoreError as error:
            raise _unexplained(uri, error) from error
        else:
            return True
    raise OSError(f"{uri} is written by others at the same time.")


def store(local: Path, uri: str) -> Stored:
    """In parts where it is large."""
    stored = measured(local)
    place = _place(uri)
    with _faults_of(uri):
        _client().upload_file(str(local), place["Bucket"], place["Key"], ExtraArgs=_encryption())
    local.unlink()
    return stored


def _place(uri: str) -> dict[str, str]:
    parts = urlsplit(uri)
    key = unquote(parts.path.removeprefix("/"))
    if not parts.netloc or not key:
        raise ProcessError("A place in S3 is named by its bucket and its key.")
    return {"Bucket": parts.netloc, "Key": key}


def _encryption() -> dict[str, str]:
    """Without one the bucket's own is used."""
    kind, key = os.environ.get("HONUA_S3_ENCRYPTION"), os.environ.get("HONUA_S3_KMS_KEY")
    if not kind:
        return {}
    return {"ServerSideEncryption": kind, **({"SSEKMSKeyId": key} if key else {})}


@contextmanager
def _faults_of(uri: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _code(error) in ABSENT:
            raise FileNotFoundError(uri) from error
        raise _unexplained(uri, error) from error
    except (BotoCoreError, boto3.exceptions.Boto3Error) as error:
        raise _unexplained(uri, error) from error


def _unexplained(uri: str, error: Exception) -> OSError:
    return OSError(f"{uri}: {error}")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
