"""Drives a running service with OpenStack's own clients: openstackclient, cinderclient, glanceclient, keystoneauth.

Usage: clients.py STEPS, where STEPS is `embedded`, `keystone` or `expiry`. One process runs all steps, because starting the clients
takes longer than the steps. The environment has the settings as OS_… variables, and those of a user of another project as OTHER_….
Each step prints a line. The first step that fails ends the program with status 1.
"""
import hashlib
import json
import os
import sys
import tempfile
import uuid

from cinderclient import shell as cinder_shell
from glanceclient import shell as glance_shell

import backups
import refusals
from steps import check, openstack, openstack_json, run


def images(directory):
    name = f"clients-{uuid.uuid4().hex[:8]}"
    content = os.urandom(3 << 20) + bytes(1 << 20)
    source, copy = os.path.join(directory, "source.raw"), os.path.join(directory, "copy.raw")
    with open(source, "wb") as file:
        file.write(content)
    image = openstack_json("image", "create", "--disk-format", "raw", "--container-format", "bare", "--file", source,
                           "--property", "os_distro=rhel", name)
    # The command prints what it read before it sent the file.
    sent = openstack_json("image", "show", image["id"])
    check("the image is active and as large as its file", (sent["status"], sent["size"]) == ("active", len(content)))
    listed = openstack_json("image", "list", "--name", name)
    check("the image is listed", [entry["ID"] for entry in listed] == [image["id"]])
    openstack("image", "set", "--property", "architecture=ppc64le", name)
    shown = openstack_json("image", "show", image["id"])
    check("the properties are PowerVC's", (shown["properties"]["architecture"], shown["properties"]["endianness"]) == ("ppc64", "little-endian"))
    check("the endianness finds the image", image["id"] in [entry["ID"] for entry in openstack_json("image", "list", "--property", "endianness=little-endian")])
    openstack("image", "save", "--file", copy, name)
    with open(copy, "rb") as file:
        check("the saved image has the bytes of the file", file.read() == content)
    listing = run(lambda argv: glance_shell.OpenStackImagesShell().main(argv), "--os-image-api-version", "2", "image-list")
    check("glance lists it too", image["id"] in listing)
    backups.export_and_import(image["id"], content, copy)
    return name, image["id"]


def volumes(image):
    name = f"clients-{uuid.uuid4().hex[:8]}"
    volume = openstack_json("volume", "create", "--size", "1", name)
    check("the volume is listed", volume["id"] in [entry["ID"] for entry in openstack_json("volume", "list")])
    boot = openstack_json("volume", "create", "--size", "1", "--image", image, name + "-boot")
    listing = run(cinder_shell.OpenStackCinderShell().main, "list")
    check("cinder lists both", volume["id"] in listing and boot["id"] in listing)
    openstack("volume", "type", "list")
    check("there are no snapshots", openstack_json("volume", "snapshot", "list") == [])
    quotas(openstack_json("token", "issue")["project_id"])
    mapped(volume["id"])
    return name


def quotas(project):
    cinder = cinder_shell.OpenStackCinderShell().main
    usage = run(cinder, "quota-usage", project)
    check("cinder shows what the project uses", "per_volume_gigabytes" in usage and "backup_gigabytes" in usage)
    run(cinder, "quota-show", project)
    check("cinder shows the limits", "totalVolumesUsed" in run(cinder, "absolute-limits"))
    check("cinder lists the zone", "nova" in run(cinder, "availability-zone-list"))
    run(cinder, "snapshot-list")
    run(cinder, "quota-update", "--volumes", "5", project, fails="HTTP 403")


def mapped(volume):
    """As PowerVC's clients do: an image of a mapping, and an empty file behind it."""
    glance = lambda argv: glance_shell.OpenStackImagesShell().main(["--os-image-api-version", "2", *argv])
    image = str(uuid.uuid4())
    entry = {"volume_id": volume, "boot_index": 0, "source_type": "volume", "destination_type": "volume", "device_type": "disk",
             "guest_format": None, "no_device": None, "image_id": None, "disk_bus": None, "snapshot_id": None, "volume_size": 1,
             "delete_on_termination": False}
    run(glance, "image-create", "--id", image, "--name", "mapped", "--file", os.devnull, "--disk-format", "raw", "--container-format", "bare",
        "--property", "architecture=ppc64", "--property", "endianness=little-endian", "--property", "block_device_mapping=" + json.dumps([entry]))
    shown = openstack_json("image", "show", image)
    check("the image is active and empty", (shown["status"], shown["size"], shown["checksum"]) == ("active", 0, hashlib.md5(b"").hexdigest()))
    check("the image has PowerVC's properties", (shown["properties"]["bdm_v2"], shown["properties"]["root_device_name"]) == ("True", "/dev/sda"))
    openstack("image", "delete", image)


def work():
    openstack("token", "issue")
    types = {entry["Type"] for entry in openstack_json("catalog", "list")}
    check("the catalog has the services", {"block-storage", "image", "identity"} <= types)
    with tempfile.TemporaryDirectory() as directory:
        image, image_id = images(directory)
        volume = volumes(image_id)
        openstack("volume", "delete", volume + "-boot")
        openstack("volume", "delete", volume)
        openstack("image", "delete", image)
    openstack("volume", "show", volume, fails="No volume")
    openstack("image", "show", image_id, fails="No Image found")


def main(steps):
    if steps == "expiry":
        refusals.expired_by_life()
    else:
        work()
        refusals.log_ins()
        refusals.wrong_projects()
        refusals.revoked()
        if steps == "keystone":
            refusals.expired_by_credential()
    print("all steps done", flush=True)


main(sys.argv[1])
