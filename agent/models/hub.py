"""One file of the hub: what the hub says of it, and its download in resumable pieces. For fetch.py."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.errors import FetchFailed
from agent.models.fetch import SourceUnusable

CONNECT_SECONDS = 3.0
LOOK_UP_SECONDS = 8.0
SILENCE_SECONDS = 30.0
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of the hub with the sha256 that the hub keeps of it; `size` in bytes."""

    name: str
    url: str
    sha256: str
    size: int


def look_up(repo: str, path: str) -> HubFile:
    """What the hub says of a file, within a few seconds. Raises SourceUnusable with the reason.

    HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are honoured by the hub's own library.
    """
    # In a thread, because resolving a name cannot be given a time limit.
    answers: queue.SimpleQueue[HubFile | SourceUnusable] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_look_up(repo, path)), daemon=True).start()
    try:
        answer = answers.get(timeout=LOOK_UP_SECONDS)
    except queue.Empty:
        raise SourceUnusable("the hub does not answer") from None
    if isinstance(answer, SourceUnusable):
        raise answer
    return answer


def _look_up(repo: str, path: str) -> HubFile | SourceUnusable:
    import httpx
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HfHubHTTPError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    url = hf_hub_url(repo, path)
    try:
        about = get_hf_file_metadata(url, timeout=CONNECT_SECONDS)
    except GatedRepoError:
        return SourceUnusable(f"the hub wants you to accept the licence of {repo} and to set HF_TOKEN")
    except (RepositoryNotFoundError, EntryNotFoundError):
        return SourceUnusable(f"the hub has no {repo}/{path}")
    except OfflineModeIsEnabled:
        return SourceUnusable("the hub is switched off by HF_HUB_OFFLINE")
    except (HfHubHTTPError, httpx.HTTPError, OSError):
        return SourceUnusable("the hub is not reachable")
    if about.size is None or about.etag is None or not SHA256.fullmatch(about.etag):
        return SourceUnusable("the hub gives no sha256 for it")
    return HubFile(f"{repo}/{path}", url, about.etag, about.size)


def download(file: HubFile, draft: Path, progress: Callable[[int, int], None]) -> None:
    """Bring the rest of a file into `draft`. Raises FetchFailed where it breaks off; the draft then stays."""
    import httpx
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # it is public

    done = draft.stat().st_size if draft.exists() else 0
    if done > file.size:
        draft.unlink()
        done = 0
    if done == file.size:
        return
    headers = {**build_hf_headers(), "Accept-Encoding": "identity", "Range": f"bytes={done}-"}
    limit = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    try:
        with httpx.stream("GET", file.url, headers=headers, timeout=limit, follow_redirects=True) as answer:
            answer.raise_for_status()
            if answer.status_code != httpx.codes.PARTIAL_CONTENT:
                done = 0  # a server without ranges sends everything
            with draft.open("ab" if done else "wb") as content:
                for block in answer.iter_raw():  # as it comes, so that nothing received is lost
                    content.write(block)
                    done += len(block)
                    if done > file.size:
                        break
                    progress(done, file.size)
    except httpx.HTTPError as broken:
        raise _broke_off(file, done, str(broken) or type(broken).__name__) from None
    if done != file.size:
        raise _broke_off(file, done, "the connection ended")


def _broke_off(file: HubFile, done: int, why: str) -> FetchFailed:
    return FetchFailed(
        f"The download of {file.name} broke off after {done / 1e6:.0f} of {file.size / 1e6:.0f} MB "
        f"({' '.join(why.split())[:200]}): run it again to go on from there."
    )
