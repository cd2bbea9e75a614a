"""Failed log-ins, and wrong, revoked and expired tokens, seen by keystoneauth and openstackclient."""
import datetime
import os
import uuid

from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

from steps import block_storage, check, openstack, openstack_json, password, raises, wait_until


def is_401(response):
    return response.status_code == 401 and response.headers["WWW-Authenticate"].startswith('Keystone uri="http') \
        and response.json()["error"]["message"] == "The request you have made requires authentication."


def log_ins():
    for what, auth in {
        "a wrong password": password(password="wrong"),
        "an unknown user": password(username="nobody"),
        "an unknown project": password(project_name="nowhere"),
        "a project that is not the user's": password(project_name=os.environ["OTHER_PROJECT_NAME"]),
    }.items():
        raises(what + " is a 401", exceptions.Unauthorized, auth_call(auth))
    openstack("--os-password", "wrong", "token", "issue", fails="requires authentication")
    openstack("--os-project-name", "nowhere", "token", "issue", fails="")
    openstack("--os-project-name", os.environ["OTHER_PROJECT_NAME"], "image", "list", fails="")


def auth_call(auth):
    return lambda: session.Session(auth=auth).get_token()


def wrong_projects():
    api = block_storage(password())
    other = block_storage(password("OTHER"))
    for what, project in (("another", other.get_project_id()), ("an unknown", uuid.uuid4().hex)):
        url = api.get_endpoint().replace(api.get_project_id(), project) + "/image-backups"
        answer = api.get(url, raise_exc=False)
        check(f"{what} project in the path is a 400", answer.status_code == 400 and answer.json()["badRequest"]["message"] == "Malformed request url")
    unscoped = session.Session(auth=password(project_name=None, project_domain_name=None))
    check("a token of no project opens none", unscoped.get(api.get_endpoint() + "/image-backups", raise_exc=False).status_code == 400)


def revoked():
    auth = password()
    api = block_storage(auth)
    check("a new token works", api.get("/image-backups").status_code == 200)
    old = api.get_token()
    openstack("token", "revoke", old)
    check("a revoked token is a 401", is_401(api.get("/image-backups", allow_reauth=False, raise_exc=False)))
    check("after a 401 keystoneauth logs in again", api.get("/image-backups").status_code == 200 and api.get_token() != old)
    command_token = openstack_json("token", "issue")["id"]
    openstack("token", "revoke", command_token)
    gone = session.Session().get(api.get_endpoint() + "/volumes", headers={"X-Auth-Token": command_token}, raise_exc=False)
    check("so is one that openstackclient issued and revoked", is_401(gone))
    check("and one that nobody ever issued", is_401(session.Session().get(
        api.get_endpoint() + "/volumes", headers={"X-Auth-Token": "made-up"}, raise_exc=False)))


def expired(auth):
    """Sends an expired token. With reauthenticate off, the plugin ignores the clock."""
    api = block_storage(auth)
    check("a short-lived token works", api.get("/image-backups").status_code == 200)
    old = api.get_token()
    wait_until(auth.get_access(api.session).expires.timestamp())
    check("an expired token is a 401", is_401(api.get("/image-backups", allow_reauth=False, raise_exc=False)))
    return api, old


def expired_by_life():
    api, old = expired(password(reauthenticate=False))
    check("after it keystoneauth logs in again", api.get("/image-backups").status_code == 200 and api.get_token() != old)


def expired_by_credential():
    """A token of a real Keystone expires no later than its application credential."""
    user = session.Session(auth=password())
    url = f"{os.environ['OS_AUTH_URL']}/users/{user.get_user_id()}/application_credentials"
    end = datetime.datetime.utcnow() + datetime.timedelta(seconds=8)
    credential = user.post(url, json={"application_credential": {
        "name": f"clients-{uuid.uuid4().hex[:8]}", "expires_at": end.strftime("%Y-%m-%dT%H:%M:%S")}}).json()["application_credential"]
    api, _ = expired(v3.ApplicationCredential(
        auth_url=os.environ["OS_AUTH_URL"], application_credential_id=credential["id"], application_credential_secret=credential["secret"],
        reauthenticate=False))
    raises("and its credential gives no other", exceptions.Unauthorized, lambda: api.get("/image-backups"))
    user.delete(f"{url}/{credential['id']}")
