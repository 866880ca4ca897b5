-- The few runs whose bytes go at a time of their own.
create index process_runs_artifacts_until on process_runs (artifacts_until) where artifacts_until is not null;
