# Files with settings are checked before Snakemake reads them; no rules.
import os
import sys
from pathlib import Path

SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from snakemake.exceptions import WorkflowError
from spinnet.config import ConfigError, check, check_file

CONFIG_FILE = "config/config.yaml"

if workflow.is_main_process:  # jobs get settings that have passed
    try:
        for configfile_path in [
            *filter(os.path.exists, [CONFIG_FILE]),
            *workflow.configfiles,
        ]:
            check_file(configfile_path)
    except ConfigError as error:
        raise WorkflowError(str(error)) from None
