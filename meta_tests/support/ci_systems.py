"""Stand-ins for CI systems: they run the shell steps of an action, a template or a pipeline in order.

Steps that use another action are not run; a test gives their outputs.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

DEADLINE: Final = 90.0
"""Seconds within which a step ends."""
STARTED_WITHIN: Final = 60.0
"""Seconds within which a run has created a customer."""
Cancel: TypeAlias = Callable[[subprocess.Popen[str]], None]
"""Waits for a condition and sends a signal to the process of a step."""
_TOKENS: Final = re.compile(r"'[^']*'|&&|\|\||[=!]=|[!()]|[\w.-]+")
_WORDS: Final = {"&&": " and ", "||": " or ", "!": " not ", "true": "True", "false": "False", "null": "None"}


@dataclass
class StepRun:
    """A step that was run: its name, exit code, and output; `inputs` are those of an action that it uses."""

    name: str
    code: int
    output: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass
class CompositeRun:
    """A run of a composite action of GitHub.

    inputs: as a workflow gives them; environ: the environment of the job; github: the context `github`; actions: the
    outputs of the actions that it uses, by name without version. `cancel` names the step during which the job is
    cancelled, and says how.
    """

    action: Path
    inputs: Mapping[str, str]
    environ: Mapping[str, str]
    github: Mapping[str, Any]
    temp: Path
    actions: Mapping[str, Mapping[str, str]]
    cancel: tuple[str, Cancel] | None = None
    steps: list[StepRun] = field(default_factory=list)
    status: str = "success"

    def run(self) -> "CompositeRun":
        """Run every step whose condition holds."""
        action = yaml.safe_load(self.action.read_text(encoding="utf-8"))
        defaults = {name: str(each.get("default", "")) for name, each in action["inputs"].items()}
        assert set(self.inputs) <= set(defaults), "an input that the action does not have"
        context: dict[str, Any] = {
            "github": {"action_path": str(self.action.parent), **self.github},
            "runner": {"os": "Linux", "temp": str(self.temp)},
            "steps": {},
        }
        context["inputs"] = {
            name: interpolated(self.inputs.get(name, default), context) for name, default in defaults.items()
        }
        for step in action["runs"]["steps"]:
            condition = step.get("if", "success()").removeprefix("${{").removesuffix("}}")
            if evaluated(condition, context, self.status):
                outputs = self._step(step, context)
                context["steps"][step.get("id", "")] = {"outputs": outputs}
        return self

    def step(self, name: str) -> StepRun:
        """The step with this name; KeyError if it was not run."""
        return {step.name: step for step in self.steps}[name]

    def _step(self, step: Mapping[str, Any], context: Mapping[str, Any]) -> Mapping[str, str]:
        name = step.get("name", step.get("uses", ""))
        if "uses" in step:
            inputs = {key: interpolated(str(value), context) for key, value in step.get("with", {}).items()}
            self.steps.append(StepRun(name, 0, inputs=inputs))
            return self.actions.get(step["uses"].partition("@")[0], {})
        output_file = self.temp / f"output-{len(self.steps)}"
        output_file.touch()
        variables = {key: interpolated(str(value), context) for key, value in step.get("env", {}).items()}
        environ = {**self.environ, **variables, "GITHUB_OUTPUT": str(output_file)}
        cancel = self.cancel[1] if self.cancel and self.cancel[0] == name else None
        options = ["--noprofile", "--norc", "-e", "-o", "pipefail"]
        ran = run_script(name, step["run"], environ, Path(environ["GITHUB_WORKSPACE"]), options, cancel)
        self.steps.append(ran)
        if cancel:
            self.status = "cancelled"
        elif ran.code:
            self.status = "failure"
        lines = output_file.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def interpolated(text: str, context: Mapping[str, Any]) -> str:
    """The text with each `${{ … }}` replaced by its value."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(evaluated(found[1], context, "success") or ""), text)


def evaluated(expression: str, context: Mapping[str, Any], status: str) -> Any:
    """The value of an expression of GitHub Actions, of the few forms that an action of this project needs."""
    words = []
    for token in _TOKENS.findall(expression):
        is_reference = "." in token and token[0] != "'"
        words.append(f"lookup({token!r})" if is_reference else _WORDS.get(token, token))
    functions = {
        "lookup": lambda path: _lookup(path, context),
        "always": lambda: True,
        "success": lambda: status == "success",
        "failure": lambda: status == "failure",
        "cancelled": lambda: status == "cancelled",
        "__builtins__": {},
    }
    return eval("".join(words).strip(), functions)  # noqa: S307 (expressions of our own action)


def _lookup(path: str, context: Mapping[str, Any]) -> Any:
    value: Any = context
    for name in path.split("."):
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value


def run_script(
    name: str,
    script: str,
    environ: Mapping[str, str],
    folder: Path,
    options: Sequence[str],
    cancel: Cancel | None = None,
) -> StepRun:
    """Run a script in bash; `cancel` waits and sends a signal."""
    file = folder / ".step.sh"
    file.write_text(script, encoding="utf-8")
    process = subprocess.Popen(
        ["bash", *options, str(file)],
        cwd=folder,
        env={**environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    if cancel:
        cancel(process)
    output, _ = process.communicate(timeout=DEADLINE)
    return StepRun(name, process.returncode, output)


def interrupt(process: subprocess.Popen[str]) -> None:
    """Cancel a step as GitHub does: SIGINT for the process of the step alone."""
    process.send_signal(signal.SIGINT)


def terminate(process: subprocess.Popen[str]) -> None:
    """Cancel a script as GitLab and Jenkins do: SIGTERM for all its processes."""
    os.killpg(process.pid, signal.SIGTERM)


def once_created(reports: Path, send: Cancel) -> Cancel:
    """Sends the signal once the run has created a customer, as the ledger in its report folder shows."""

    def cancel(process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + STARTED_WITHIN
        while not any(each.stat().st_size for each in (reports / "ledger").glob("*")):
            assert process.poll() is None, "the run ended before it created a customer"
            assert time.monotonic() < deadline, "no customer was created"
            time.sleep(0.05)
        send(process)

    return cancel


def gitlab_job(template: Path, inputs: Mapping[str, str]) -> dict[str, Any]:
    """The job of a GitLab template, with these inputs."""
    header, _ = yaml.safe_load_all(template.read_text(encoding="utf-8"))
    known = header["spec"]["inputs"]
    assert set(inputs) <= set(known), "an input that the template does not have"
    values = {name: inputs.get(name, str(entry["default"])) for name, entry in known.items()}
    body = template.read_text(encoding="utf-8").split("\n---\n")[1]
    filled = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: values[found[1]], body)
    (job,) = yaml.safe_load(filled).values()
    return dict(job)


def run_gitlab_job(
    job: Mapping[str, Any], environ: Mapping[str, str], cancel: Cancel | None = None
) -> list[StepRun]:
    """Run `script` and `after_script` of a job, each in a shell of its own, as a runner of GitLab does."""
    variables = dict(environ)
    for name, value in job["variables"].items():
        variables[name] = re.sub(r"\$(\w+)", lambda found: variables.get(found[1], ""), str(value))
    folder = Path(variables["CI_PROJECT_DIR"])
    options = ["--noprofile", "-e", "-o", "pipefail"]
    return [
        run_script("script", "\n".join(job["script"]), variables, folder, options, cancel),
        run_script("after_script", "\n".join(job["after_script"]), variables, folder, options),
    ]


def jenkins_steps(pipeline: Path) -> dict[str, list[str]]:
    """The shell steps of a declarative pipeline, by stage; those of `post` under that name."""
    stages: dict[str, list[str]] = {}
    name = ""
    for line in pipeline.read_text(encoding="utf-8").splitlines():
        if found := re.search(r"stage\('(.+)'\)", line):
            name = found[1]
        elif re.match(r"\s*post \{", line):
            name = "post"
        elif found := re.match(r"\s*sh '(.+)'$", line):
            stages.setdefault(name, []).append(found[1])
    return stages


def without_ci(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment without a tenant and without a CI system."""
    foreign = ("EMPORIX_", "GITHUB_", "CI_", "GITLAB_", "PYTEST_", "HYPOTHESIS_")
    return {name: value for name, value in environ.items() if not name.startswith(foreign) and name != "CI"}
