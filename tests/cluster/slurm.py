"""A real SLURM with one node on loopback, for tests: no systemd, no accounting database, nothing outside its folder.

with Slurm(folder) as slurm:
    subprocess.run(["snakemake", "--profile", "profiles/slurm", ...], env=slurm.environment)
    slurm.kill("slurmctld")
    slurm.start("slurmctld")
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo", "srun")
PACKAGES = "slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge"
PLUGINS = ("snakemake_executor_plugin_slurm", "snakemake_executor_plugin_cluster_generic")
DAEMONS = ("munged", "slurmctld", "slurmd")  # in the order in which they start
SECONDS = 30  # that a daemon may take to start or to stop, and a small job to end
SAVED = 6  # seconds after which the controller has written a change to disk; a crash before that undoes it

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
MinJobAge=600
InactiveLimit=0
KillWait=5
Waittime=0
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=60
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE OverSubscribe=NO State=UP
"""

# The executor plugin takes SLURM_CONF from the environment of its inner srun.
SRUN = """\
#!/bin/sh
SLURM_CONF={folder}/slurm.conf exec {srun} "$@"
"""

# The executor plugin asks sacct, which has no database here: squeue answers, also after the
# controller has been away for a while.
SACCT = """\
#!/bin/sh
name=
while [ $# -gt 0 ]; do [ "$1" = --name ] && name=$2; shift; done
[ -n "$name" ] || exit 1
for _ in $(seq 50); do
    squeue --states=all --noheader --format='%i|%T' --name "$name" 2>/dev/null && exit 0
    sleep 1
done
exit 1
"""


def missing():
    """What this machine lacks for the tests on a cluster, as one sentence; empty if nothing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "SLURM on one machine needs Linux and root"
    absent = [name for name in PROGRAMS if _program(name) is None]
    if absent:
        return f"{', '.join(absent)} not found; on Debian: apt-get install --no-install-recommends {PACKAGES}"
    if not all(importlib.util.find_spec(name) for name in PLUGINS):
        return f"executor plugins not found: {sys.executable} -m pip install -r requirements-cluster.lock"
    return ""


def _program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def _free_ports(number):
    """Ports on loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(number)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Slurm:
    """Controller, node daemon and authentication; all files are in `folder`.

    Attributes: `environment`, for processes that use the cluster; `daemons`, the running daemons as
    {name: subprocess.Popen}.
    """

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.daemons = {}
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH"))}
        self.environment["SLURM_CONF"] = str(self.folder / "slurm.conf")
        self.environment["PATH"] = f"{self.folder / 'bin'}:{os.environ['PATH']}"

    def __enter__(self):
        self._write()
        try:
            for name in DAEMONS:
                self.start(name)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, name):
        """Start a daemon and wait until it works; raises RuntimeError with its log if it does not."""
        arguments = {
            "munged": ["--foreground", "--force", *self._munge_arguments()],
            "slurmctld": ["-D", "-f", self.environment["SLURM_CONF"]],
            "slurmd": ["-D", "-f", self.environment["SLURM_CONF"]],
        }[name]
        log = self.folder / f"{name}.log"
        with log.open("a") as stream:
            self.daemons[name] = subprocess.Popen(
                [_program(name), *arguments],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while not self._works(name):
            if time.monotonic() > deadline or self.daemons[name].poll() is not None:
                raise RuntimeError(f"{name} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self, name):
        """End a daemon as a crash does, by SIGKILL; its jobs run on."""
        daemon = self.daemons.pop(name)
        daemon.kill()
        daemon.wait()

    def stop(self):
        """Cancel all jobs and stop all daemons; those that do not obey are killed."""
        if {"slurmctld", "slurmd"} <= set(self.daemons):
            self.command("scancel", "--full", "--user=root")
            deadline = time.monotonic() + SECONDS
            while self.jobs() and time.monotonic() < deadline:
                time.sleep(0.1)
        for name in reversed(DAEMONS):
            if name not in self.daemons:
                continue
            daemon = self.daemons[name]
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(SECONDS)
                del self.daemons[name]
            except subprocess.TimeoutExpired:
                self.kill(name)

    def command(self, *arguments):
        """Output of a command of SLURM; empty if the controller does not answer."""
        result = subprocess.run(arguments, env=self.environment, capture_output=True, text=True)
        return result.stdout if result.returncode == 0 else ""

    def jobs(self):
        """Numbers of the jobs that wait, run or end."""
        return self.command("squeue", "--noheader", "--format=%i").split()

    def states(self):
        """{number: state} of all jobs, ended ones too."""
        lines = self.command("squeue", "--noheader", "--states=all", "--format=%i %T").splitlines()
        return dict(line.split() for line in lines)

    def wait_for(self, number, state):
        """Wait until a job has reached a state; returns whether it has."""
        deadline = time.monotonic() + SECONDS
        while self.states().get(number) != state and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.states().get(number) == state

    def _works(self, name):
        if name == "munged":
            return (self.folder / "munge/socket").exists()
        if name == "slurmctld":
            return "UP" in self.command("scontrol", "ping")
        idle = self.command("sinfo", "--noheader", "--format=%T").strip() in ("idle", "mixed", "allocated")
        return idle and bool(self.command("scontrol", "show", "slurmd"))

    def _munge_arguments(self):
        files = {"key-file": "key", "socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
        return [f"--{option}={self.folder}/munge/{name}" for option, name in files.items()]

    def _write(self):
        """Configuration, key and the stand-ins of srun and sacct."""
        for name in ("state", "spool", "munge", "bin"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "munge").chmod(0o711)
        key = self.folder / "munge/key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        controller_port, node_port = _free_ports(2)
        text = CONFIGURATION.format(
            folder=self.folder,
            host=socket.gethostname().split(".")[0],
            controller_port=controller_port,
            node_port=node_port,
            cpus=os.cpu_count(),
            memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 - 512,
        )
        (self.folder / "slurm.conf").write_text(text)
        for name, script in (("srun", SRUN), ("sacct", SACCT)):
            path = self.folder / "bin" / name
            path.write_text(script.replace("{folder}", str(self.folder)).replace("{srun}", str(_program("srun"))))
            path.chmod(0o755)


if __name__ == "__main__":
    sys.exit(missing() or 0)
