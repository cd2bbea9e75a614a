#!/usr/bin/env python3
"""Records a data directory of a release whose operations are all interrupted.

Usage: record.py ImageBackup.Api.dll OUTPUT

Runs the given program, starts operations of every kind, stalls each in the middle of its work, and kills the program.
Writes OUTPUT/database.sql (the database, with the data directory as {data}) and OUTPUT/files.tar.gz (every other file).
"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request

PORT = 9377
PROJECT = "40a58846608e4e908c43b547d4dfb58c"
MIB = 1 << 20


def call(method, path, body=None, raw=None):
    url = f"http://127.0.0.1:{PORT}" + (path if path.startswith(("/v2", "/emulator", "/healthcheck")) else f"/v3/{PROJECT}{path}")
    data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
    kind = "application/octet-stream" if raw is not None else "application/json"
    request = urllib.request.Request(url, data, {"Content-Type": kind}, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def wait(what, condition):
    deadline = time.time() + 60
    while not condition():
        if time.time() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


def content(length, seed):
    """Returns bytes that compress well: a line that names its place, then a hole, by turns."""
    out = bytearray(length)
    for start in range(0, length, MIB):
        block = (f"volume {seed} block {start} " * 4096)[:65536].encode()
        out[start:start + len(block)] = block
    return bytes(out[:length])


def image(name, length, seed):
    created = call("POST", "/v2/images", {"name": name, "disk_format": "raw", "container_format": "bare"})["id"]
    call("PUT", f"/v2/images/{created}/file", raw=content(length, seed))
    return created


def image_of(name, *images):
    mapping = []
    for number, source in enumerate(images):
        entry = json.loads(call("GET", f"/v2/images/{source}")["block_device_mapping"])[0]
        mapping.append({"boot_index": 0 if number == 0 else -1, "source_type": "volume", "destination_type": "volume",
                        "delete_on_termination": "true", "volume_id": entry["volume_id"]})
    return call("POST", "/v2/images", {"name": name, "block_device_mapping": json.dumps(mapping)})["id"]


def show(backup):
    return call("GET", f"/image-backups/{backup}")["image-backup"]


def export(name, source, **fields):
    body = {"image-backup": {"name": name, "src_image_id": source, "upload_to_cos": False, **fields}}
    return call("POST", "/image-backups/export_image", body)["image-backup"]["backup_id"]


def exported(name, source, **fields):
    backup = export(name, source, **fields)
    wait(name, lambda: show(backup)["status"] in ("available", "uploaded"))
    return backup


def restore(**fields):
    return call("POST", "/image-backups/import_image", {"import-image": fields})["image-backup"]["backup_id"]


def stalled(task, at, start):
    """Starts an operation and waits until it stalls in the task."""
    fault = call("POST", "/emulator/faults", {"fault": {"task": task, "at": at, "action": "stall"}})["fault"]["id"]
    start()
    wait(task, lambda: any(known["id"] == fault and known["left"] <= 0 for known in call("GET", "/emulator/faults")["faults"]))
    print("stalled in", task, flush=True)


def record(data):
    node = os.path.join(data, "backup-nodes", "local")

    def forget(backup):
        os.remove(os.path.join(node, show(backup)["ova_name"]))

    small = image("small", 3 * MIB, 1)
    large = image("large", 6 * MIB, 2)
    second = image_of("data", image("boot", 3 * MIB, 3), image("more", 2 * MIB, 4))
    os.makedirs(os.path.join(data, "cos", "second"))
    with open(os.path.join(node, "disk.raw"), "wb") as raw:
        raw.write(content(2 * MIB, 5))

    fetched = exported("import-in-download", large, upload_to_cos=True, compression="False")
    forget(fetched)
    restored = exported("import-in-restore", second)
    updated = exported("import-in-update", small, compression="Fast")
    verified = exported("verify", small, upload_to_cos=True)
    verified_in_bucket = exported("verify-in-bucket", small, upload_to_cos=True)
    forget(verified_in_bucket)
    uploaded = exported("upload", large, compression="False")
    moved = exported("upload-to-second-bucket", small, upload_to_cos=True)
    downloaded = exported("download", large, upload_to_cos=True, compression="False")
    forget(downloaded)
    deleted = exported("delete", small, upload_to_cos=True)
    waiting = exported("import-in-queue", small)
    found = show(verified_in_bucket)["cos_object"]

    stalled("backup_vol_*", 1, lambda: export("export-in-first-volume", second, upload_to_cos=True))
    stalled("delete_vol_*", 1, lambda: export("export-in-delete-volume", second, compression="Fast"))
    stalled("create_ova_*", 0.5, lambda: export("export-in-archive", second, upload_to_cos=True))
    stalled("update_task", 1, lambda: export("export-in-update", small))
    stalled("upload_ova_*", 0.9, lambda: export("export-in-upload", large, upload_to_cos=True, compression="False"))
    stalled("download_ova_*", 0.9, lambda: restore(name="import-in-download", image_backup_id=fetched))
    stalled("restore_????????-*", 0.5, lambda: restore(name="import-in-restore", image_backup_id=restored))
    stalled("update_img_*", 0, lambda: restore(name="import-in-update", image_backup_id=updated))
    stalled("extract_ova_*", 1, lambda: restore(name="import-from-bucket", ova_name=found, cos_bucket="cos-default"))
    stalled("restore_????????-*", 0.5, lambda: restore(
        name="import-of-raw-disk", ova_name="disk.raw", import_from_raw_file=True, os_type="aix", architecture="ppc64"))
    stalled("upload_ova_*", 0.9, lambda: call("POST", f"/image-backups/{uploaded}/upload", {}))
    stalled("delete_object_*", 0, lambda: call("POST", f"/image-backups/{moved}/upload", {"cos_bucket": "second"}))
    stalled("download_ova_*", 0.9, lambda: call("POST", f"/image-backups/{downloaded}/download", {}))
    stalled("verify_ova_*", 0.5, lambda: call("POST", f"/image-backups/{verified}/verify"))
    stalled("verify_ova_*", 0.5, lambda: call("POST", f"/image-backups/{verified_in_bucket}/verify"))
    stalled("delete_ova_*", 0, lambda: call("DELETE", f"/image-backups/{deleted}"))
    export("export-in-queue", small, upload_to_cos=True)
    restore(name="import-in-queue", image_backup_id=waiting)
    time.sleep(2.5)  # Downloads save every other second how far they are.


def save(data, output):
    shutil.copytree(data, data + "-copy")
    with sqlite3.connect(os.path.join(data + "-copy", "imagebackup.db")) as database:
        dump = "\n".join(database.iterdump()).replace(data, "{data}")
    os.makedirs(output, exist_ok=True)
    with open(os.path.join(output, "database.sql"), "w", encoding="utf-8") as file:
        file.write(dump + "\n")
    with tarfile.open(os.path.join(output, "files.tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(os.listdir(data)):
            if not name.startswith("imagebackup.db") and name != "keys":
                archive.add(os.path.join(data, name), name, filter=anonymous)


def anonymous(member):
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main():
    program, output = sys.argv[1:]
    work = tempfile.mkdtemp()
    data = os.path.join(work, "data")
    settings = {"DataDirectory": data, "Demo__Enabled": "false", "Emulator__Enabled": "true", "Flows__MaxConcurrent": "15",
                "Cos__PartSizeMiB": "5", "Limits__RequestsPerSecond": "0"}
    service = subprocess.Popen(
        ["dotnet", program, "--urls", f"http://127.0.0.1:{PORT}"],
        env=os.environ | {f"ImageBackup__{key}": value for key, value in settings.items()}, stdout=subprocess.DEVNULL)
    try:
        wait("the start", answers)
        record(data)
    finally:
        service.send_signal(signal.SIGKILL)
        service.wait()
    save(data, output)
    shutil.rmtree(work)


def answers():
    try:
        call("GET", "/healthcheck/ready")
        return True
    except OSError:
        return False


main()
