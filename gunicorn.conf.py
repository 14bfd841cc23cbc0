"""How gunicorn serves the site. It finds this file by itself. The reasons stand in operations/serving.py."""

from hscb_voice.foundation.settings import Settings
from hscb_voice.operations import serving

serving.prepare_counts(Settings.from_env())

bind = "127.0.0.1:8000"
workers = 2
worker_class = serving.WORKER_CLASS
threads = 4
preload_app = True
worker_tmp_dir = serving.temporary_folder()

# A process that gives no sign of life for half a minute is killed; one that is asked to end has 25 seconds.
timeout = 30
graceful_timeout = 25
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 2_048
limit_request_fields = 60
limit_request_field_size = 8_190

accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = serving.WordlessLogger
control_socket_disable = True

on_starting = serving.begin_with_nothing_counted
pre_fork = serving.share_what_is_loaded
post_fork = serving.share_no_connection
post_request = serving.leave_when_large
