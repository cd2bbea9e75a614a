"""Drives a running service with OpenStack's own clients: openstackclient, cinderclient, glanceclient, keystoneauth.

One process runs all of them, for their start takes longer than their work. Settings come as OS_… variables; each step
prints a line; the first that goes wrong ends the program with status 1.
"""
import contextlib, io, json, os, sys, tempfile, uuid

from cinderclient import shell as cinder_shell
from glanceclient import shell as glance_shell
from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3
from openstackclient import shell as openstack_shell


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


def check(what, condition):
    if not condition:
        sys.exit("FAILED: " + what)
    print("ok  " + what, flush=True)


def log_in(**scope):
    auth = v3.Password(auth_url=os.environ["OS_AUTH_URL"], username=os.environ["OS_USERNAME"], password=os.environ["OS_PASSWORD"],
                       user_domain_name="Default", **scope)
    return session.Session(auth=auth)


def images(directory):
    name = f"clients-{uuid.uuid4().hex[:8]}"
    content = os.urandom(3 << 20) + bytes(1 << 20)
    source, copy = os.path.join(directory, "source.raw"), os.path.join(directory, "copy.raw")
    with open(source, "wb") as file:
        file.write(content)
    image = openstack_json("image", "create", "--disk-format", "raw", "--container-format", "bare", "--file", source,
                           "--property", "os_distro=rhel", name)
    # What the command itself prints was read before the file was sent.
    sent = openstack_json("image", "show", image["id"])
    check("the image is active and as large as its file", (sent["status"], sent["size"]) == ("active", len(content)))
    listed = openstack_json("image", "list", "--name", name)
    check("the image is listed", [entry["ID"] for entry in listed] == [image["id"]])
    openstack("image", "set", "--property", "architecture=ppc64le", name)
    shown = openstack_json("image", "show", image["id"])
    check("the property is there", shown["properties"]["architecture"] == "ppc64le")
    openstack("image", "save", "--file", copy, name)
    with open(copy, "rb") as file:
        check("the saved image has the bytes of the file", file.read() == content)
    listing = run(lambda argv: glance_shell.OpenStackImagesShell().main(argv), "--os-image-api-version", "2", "image-list")
    check("glance lists it too", image["id"] in listing)
    return name, image["id"]


def volumes(image):
    name = f"clients-{uuid.uuid4().hex[:8]}"
    volume = openstack_json("volume", "create", "--size", "1", name)
    check("the volume is listed", volume["id"] in [entry["ID"] for entry in openstack_json("volume", "list")])
    boot = openstack_json("volume", "create", "--size", "1", "--image", image, name + "-boot")
    listing = run(cinder_shell.OpenStackCinderShell().main, "list")
    check("cinder lists both", volume["id"] in listing and boot["id"] in listing)
    openstack("volume", "type", "list")
    return name


def wrong_ways():
    token = openstack_json("token", "issue")["id"]
    openstack("token", "revoke", token)
    project = log_in(project_name=os.environ["OS_PROJECT_NAME"], project_domain_name="Default")
    volume_api = project.get_endpoint(service_type="block-storage")
    answer = session.Session().get(volume_api + "/volumes", headers={"X-Auth-Token": token}, raise_exc=False)
    check("a revoked token is a 401", answer.status_code == 401)
    strange = volume_api.rsplit("/", 1)[0] + "/" + uuid.uuid4().hex + "/volumes"
    check("another project in the path is a 400", project.get(strange, raise_exc=False).status_code == 400)
    openstack("--os-password", "wrong", "token", "issue", fails="requires authentication")
    openstack("--os-project-name", "nowhere", "token", "issue", fails="")
    try:
        log_in(project_name="nowhere", project_domain_name="Default").get_token()
        sys.exit("FAILED: a log-in to an unknown project")
    except exceptions.Unauthorized:
        print("ok  an unknown project is a 401", flush=True)


def main():
    openstack("token", "issue")
    types = {entry["Type"] for entry in openstack_json("catalog", "list")}
    check("the catalogue has the services", {"block-storage", "image", "identity"} <= types)
    with tempfile.TemporaryDirectory() as directory:
        image, image_id = images(directory)
        volume = volumes(image_id)
        openstack("volume", "delete", volume + "-boot")
        openstack("volume", "delete", volume)
        openstack("image", "delete", image)
    openstack("volume", "show", volume, fails="No volume")
    openstack("image", "show", image_id, fails="No Image found")
    wrong_ways()
    print("all steps done", flush=True)


main()
