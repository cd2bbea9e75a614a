#!/usr/bin/env python3
"""Exports an image and waits for the end. Needs keystoneauth1 (Debian: python3-keystoneauth1).

OS_AUTH_URL=… OS_USERNAME=… OS_PASSWORD=… OS_PROJECT_NAME=… ./export.py IMAGE NAME
"""
import os
import sys
import time

from keystoneauth1 import adapter, session
from keystoneauth1.identity import v3

image_name, backup_name = sys.argv[1:]
auth = v3.Password(
    auth_url=os.environ["OS_AUTH_URL"], username=os.environ["OS_USERNAME"], password=os.environ["OS_PASSWORD"],
    project_name=os.environ["OS_PROJECT_NAME"], user_domain_id="default", project_domain_id="default")
login = session.Session(auth=auth)
images = adapter.Adapter(login, service_type="image", interface="public")
backups = adapter.Adapter(login, service_type="volumev3", interface="public")

image = images.get("/v2/images", params={"name": image_name}).json()["images"][0]
body = {"image-backup": {"name": backup_name, "src_image_id": image["id"]}}
started = backups.post("/image-backups/export_image", json=body).json()["image-backup"]

while True:
    details = login.get(started["task_uri"] + "&details=true").json()["details"]
    print(f"{details['progress']} %", file=sys.stderr)
    if details.get("finished_at"):
        break
    time.sleep(0.5)

backup = backups.get(f"/image-backups/{started['backup_id']}").json()["image-backup"]
print(backup["ova_name"], backup["status"], backup["fail_reason"] or "")
sys.exit(0 if backup["status"] in ("available", "uploaded") else 1)
