"""Exports and imports an image with a keystoneauth Adapter, because openstack has no commands for PowerVC's routes."""
import time

from steps import block_storage, check, openstack, openstack_json, password


def progress(api, answer):
    """Polls the task_uri until every flow is SUCCESS."""
    started, last = time.monotonic(), -1
    while time.monotonic() - started < 60:
        details = api.get(answer["task_uri"]).json()["details"]
        if details["progress"] < last or {"FAILURE", "REVERTED"} & set(details["flow_details"].values()):
            check("the progress is that of a flow that works", False, details)
        last = details["progress"]
        if set(details["flow_details"].values()) == {"SUCCESS"}:
            check(f"{' and '.join(details['flow_details'])} end with SUCCESS at 100", last == 100 and details["pending_tasks"] == {}, details)
            return
        time.sleep(0.1)
    check("the flow ends", False, details)


def start(api, route, body):
    response = api.post("/image-backups/" + route, json=body)
    answer = response.json()["image-backup"]
    check(f"{route} is a 201 with backup_id and task_uri", response.status_code == 201 and set(answer) == {"backup_id", "task_uri"}, answer)
    return answer


def export_and_import(image_id, content, copy):
    api = block_storage(password())
    exported = start(api, "export_image", {"image-backup": {
        "name": "clients-export", "description": "by keystoneauth", "src_image_id": image_id, "backup_host": "local",
        "upload_to_cos": "False", "compression": "Fast"}})
    progress(api, exported)
    path = f"/image-backups/{exported['backup_id']}"
    backup = api.get(path).json()["image-backup"]
    check("the backup is available and its owner the token's", backup["status"] == "available" and backup["project_id"] == api.get_project_id()
          and backup["user_id"] == api.get_user_id(), backup)

    progress(api, start(api, "import_image", {"import-image": {
        "name": "clients-import", "image_backup_id": exported["backup_id"], "backup_host": "local"}}))
    imported = api.get(path).json()["image-backup"]["image_id"]
    check("the imported image is listed", imported in [image["ID"] for image in openstack_json("image", "list", "--name", "clients-import")])
    openstack("image", "save", "--file", copy, imported)
    with open(copy, "rb") as file:
        # A volume has the size of its capacity. Zeros follow the bytes of the file.
        check("the imported image has the bytes of the exported one", file.read().rstrip(b"\0") == content.rstrip(b"\0"))

    stranger = block_storage(password("OTHER"))
    check("another project sees no such backup", stranger.get(path, raise_exc=False).status_code == 404)
    check("and none in its list", exported["backup_id"] not in [entry["id"] for entry in stranger.get("/image-backups").json()["image-backups"]])
    check("the backup is deleted", api.delete(path).status_code == 202)
    openstack("image", "delete", imported)
