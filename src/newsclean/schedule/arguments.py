"""What `newsclean crawl` and `newsclean clean` are told for a run of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.schedule.jobs import Job
    from newsclean.schedule.records import Run

__all__ = ["clean_command", "crawl_command"]


def crawl_command(job: Job, run: Run) -> list[str]:
    """Return the arguments of the crawl; `{slot}` and `{previous}` in a spider's argument are times of slots."""
    assert job.spider is not None
    command = ["crawl", job.spider, "--json", "--quiet", "--raw", job.raw_address or str(job.raw)]
    for name, value in job.arguments.items():
        command += ["-a", f"{name}={_filled(value, job, run)}"]
    for name, value in job.settings.items():
        command += ["-s", f"{name}={value}"]
    return command


def clean_command(job: Job, site: str | None) -> list[str]:
    """Return the arguments of the cleaning: of what the job names, or of the archive of the spider's site."""
    paths = job.clean if site is None else (f"{job.raw_address or job.raw}/{site}",)
    command = ["clean", *paths, "--output", str(job.output), "--json", "--quiet"]
    for folder in job.sites:
        command += ["--sites", folder]
    if job.workers is not None:
        command += ["--workers", str(job.workers)]
    return command


def _filled(value: str, job: Job, run: Run) -> str:
    if "{previous}" in value:
        previous = job.times.before(run.slot)
        value = value.replace("{previous}", f"{previous:%Y-%m-%dT%H:%M:%SZ}" if previous else "")
    return value.replace("{slot}", f"{run.slot:%Y-%m-%dT%H:%M:%SZ}")
