"""Shared by the scripts of this folder. A step is a call or a check. It prints a line, or ends the program with status 1."""
import contextlib
import io
import json
import os
import sys
import time

from keystoneauth1 import adapter, session
from keystoneauth1.identity import v3
from openstackclient import shell as openstack_shell

DOMAINS = {"user_domain_name": "Default", "project_domain_name": "Default"}


def run(main, *args, fails=None):
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(list(args)) or 0
    except SystemExit as e:
        status = e.code if isinstance(e.code, int) else 1
    except Exception as e:
        status = 1
        err.write(f"{type(e).__name__}: {e}")
    text = out.getvalue() + err.getvalue()
    said = " ".join(args)
    if fails is None and status != 0:
        sys.exit(f"FAILED: {said}\n{text}")
    if fails is not None and (status == 0 or fails not in text):
        sys.exit(f"FAILED: {said} should have failed with '{fails}', status {status}\n{text}")
    print("ok  " + said, flush=True)
    return out.getvalue()


def openstack(*args, **kw):
    return run(lambda argv: openstack_shell.OpenStackShell().run(argv), *args, **kw)


def openstack_json(*args):
    return json.loads(openstack(*args, "-f", "json"))


def check(what, condition, seen=""):
    if not condition:
        sys.exit(f"FAILED: {what} {seen}")
    print("ok  " + what, flush=True)


def raises(what, exception, call):
    try:
        call()
    except exception:
        print("ok  " + what, flush=True)
        return
    sys.exit("FAILED: " + what)


def password(user="OS", **more):
    """Logs in with the user, password and project in the environment."""
    said = {"username": os.environ[user + "_USERNAME"], "password": os.environ[user + "_PASSWORD"], "project_name": os.environ[user + "_PROJECT_NAME"]}
    return v3.Password(auth_url=os.environ["OS_AUTH_URL"], **{**said, **DOMAINS, **more})


def block_storage(auth):
    """Returns PowerVC's routes, found in the token's catalog by the type of the service."""
    return adapter.Adapter(session.Session(auth=auth), service_type="block-storage", interface="public", region_name=os.environ["OS_REGION_NAME"])


def wait_until(moment):
    while time.time() <= moment:
        time.sleep(0.05)
