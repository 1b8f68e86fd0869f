"""The schedule for other schedulers: crontab lines, a systemd service, Kubernetes CronJobs."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any, Final

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    import datetime as dt

    from newsclean.schedule.jobs import Job, Jobs

__all__ = ["exported"]

# Done, and somebody should look; or nothing to be done before the configuration is mended.
_NO_RETRY: Final = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1, 2]}}
_MINUTES_AN_HOUR: Final = 60
_HOURS_A_DAY: Final = 24


def exported(jobs: Jobs, form: str, *, image: str) -> str:
    """Return the text for `form`: cron, systemd or k8s; raises ConfigError for a job that it cannot say."""
    if form == "cron":
        return _cron(jobs)
    return _systemd(jobs) if form == "systemd" else _kubernetes(jobs, image)


def _cron(jobs: Jobs) -> str:
    """A tick a minute: catch-up, overlap, time zones and retries stay newsclean's."""
    folder = shlex.quote(str(jobs.folder))
    command = f"cd {folder} && {shlex.quote(sys.executable)} -m newsclean schedule tick --quiet"
    # crontab takes a bare % for the end of the line.
    line = f"* * * * * {command}".replace("%", r"\%")
    return f"# newsclean: starts what is due in {jobs.folder}; add this line by: crontab -e\n{line}\n"


def _systemd(jobs: Jobs) -> str:
    program = f"{_systemd_quoted(sys.executable)} -m newsclean schedule serve"
    return f"""# /etc/systemd/system/newsclean.service; then: systemctl enable --now newsclean
[Unit]
Description=newsclean: keeps the schedule of {str(jobs.folder).replace("%", "%%")}
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
WorkingDirectory={str(jobs.folder).replace("%", "%%")}
ExecStart={program}
Restart=always
RestartSec=5
# Runs end in order (SIGTERM), and their slots are run again when the service is back.
KillMode=control-group
TimeoutStopSec=90

[Install]
WantedBy=multi-user.target
"""


def _systemd_quoted(path: str) -> str:
    escaped = path.replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if " " in escaped else escaped


def _kubernetes(jobs: Jobs, image: str) -> str:
    """One CronJob a job; JSON, which is YAML, so that no text of a user's needs to be escaped by hand."""
    timed = [job for job in jobs.jobs.values() if job.times.is_timed]
    if not timed:
        raise ConfigError("no job has cron or every, so there is nothing to export")
    documents = [json.dumps(_cron_job(job, image), indent=2, ensure_ascii=False) for job in timed]
    note = "# newsclean: each job is a CronJob that runs `newsclean run JOB` on the volume `newsclean`\n"
    return note + "---\n" + "\n---\n".join(documents) + "\n"


def _cron_job(job: Job, image: str) -> dict[str, Any]:
    container = {
        "name": "newsclean",
        "image": image,
        "command": ["newsclean", "run", job.name, "--json"],
        "workingDir": "/project",
        "volumeMounts": [{"name": "project", "mountPath": "/project"}],
    }
    pod = {
        "restartPolicy": "Never",
        "containers": [container],
        "volumes": [{"name": "project", "persistentVolumeClaim": {"claimName": "newsclean"}}],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": f"newsclean-{job.name.replace('_', '-').strip('-')}"[:52].rstrip("-")},
        "spec": {
            "schedule": job.times.cron or _cron_of(job, job.times.every),
            "timeZone": job.times.zone if job.times.cron else "UTC",
            "concurrencyPolicy": {"skip": "Forbid", "queue": "Forbid", "cancel": "Replace"}[job.overlap],
            "startingDeadlineSeconds": max(60, int(job.grace.total_seconds())),
            "jobTemplate": {
                "spec": {
                    "backoffLimit": job.retries,
                    "podFailurePolicy": {"rules": [_NO_RETRY]},
                    "activeDeadlineSeconds": int(job.timeout.total_seconds()),
                    "template": {"spec": pod},
                }
            },
        },
    }


def _cron_of(job: Job, every: dt.timedelta | None) -> str:
    """Return the cron line of an `every` that one can say; raises ConfigError for another."""
    assert every is not None
    minutes, seconds = divmod(int(every.total_seconds()), 60)
    hours, rest = divmod(minutes, 60)
    if not seconds and rest == 0 and hours and _HOURS_A_DAY % hours == 0:
        return f"0 */{hours} * * *" if hours < _HOURS_A_DAY else "0 0 * * *"
    if not seconds and hours == 0 and _MINUTES_AN_HOUR % minutes == 0:
        return f"*/{minutes} * * * *"
    raise ConfigError(
        f"newsclean.toml: jobs.{job.name}.every: no cron line says every {every}; "
        "give the job cron, or export with --cron or --systemd"
    )
