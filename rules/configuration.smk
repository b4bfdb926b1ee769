# Files with settings are checked before Snakemake reads them; no rules.
import gc
import os
import sys
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError
from snakemake.utils import update_config

# What is loaded by now stays: to look through it for garbage, again and again, took a seventh of each call.
gc.freeze()

# Of this workflow; workflow.basedir is that of one that uses it as a module.
ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parent
SCRIPTS = ROOT / "workflow" / "scripts"
if not SCRIPTS.is_dir():
    raise WorkflowError(
        f"{SCRIPTS} is no folder here; used as a module, this workflow needs the path of a clone as its snakefile"
    )
sys.path.insert(0, str(SCRIPTS))

from spinnet.config import ConfigError, check, check_file

CONFIG_FILE = "config/config.yaml"
MODULE = not workflow.modifier.is_main_snakefile()

if MODULE:
    differences = config  # of a module from the defaults, as in a preset
    config = yaml.safe_load(Path(ROOT, CONFIG_FILE).read_text())
    update_config(config, differences)
elif workflow.is_main_process:  # jobs get settings that have passed
    try:
        for configfile_path in [
            *filter(os.path.exists, [CONFIG_FILE]),
            *workflow.configfiles,
        ]:
            check_file(configfile_path)
    except ConfigError as error:
        raise WorkflowError(str(error)) from None
