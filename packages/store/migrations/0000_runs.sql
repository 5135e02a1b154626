CREATE TABLE `endings` (
	`id` integer PRIMARY KEY NOT NULL,
	`success` integer NOT NULL,
	`failure_type` text NOT NULL,
	`termination_reason` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `endings_whole` ON `endings` (`success`,`failure_type`,`termination_reason`);--> statement-breakpoint
CREATE TABLE `facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `files` (
	`name` text PRIMARY KEY NOT NULL,
	`stamp` text NOT NULL,
	`reason` text
);
--> statement-breakpoint
CREATE INDEX `files_unsettled` ON `files` (`name`) WHERE stamp = '';--> statement-breakpoint
CREATE INDEX `files_skipped` ON `files` (`name`) WHERE reason IS NOT NULL;--> statement-breakpoint
CREATE TABLE `runs` (
	`id` integer PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`compressed` integer NOT NULL,
	`subject` integer NOT NULL,
	`ending` integer NOT NULL,
	`seed` integer NOT NULL,
	`steps_used` integer NOT NULL,
	`tool_calls_used` integer NOT NULL,
	`step_budget` integer NOT NULL,
	`tool_call_budget` integer NOT NULL,
	`wall_clock_budget` integer,
	`wall_clock` real,
	`started_at` text NOT NULL,
	`started_ms` integer NOT NULL,
	`artifact_hash` text NOT NULL,
	`bytes` integer NOT NULL,
	`llm_calls` integer,
	`llm_tokens` integer,
	`inputs` integer,
	`outcome` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_run_id` ON `runs` (`run_id`);--> statement-breakpoint
CREATE INDEX `runs_started` ON `runs` (`started_ms`,`run_id`);--> statement-breakpoint
CREATE INDEX `runs_subject_started` ON `runs` (`subject`,`started_ms`);--> statement-breakpoint
CREATE INDEX `runs_use` ON `runs` (`subject`,`ending`,`steps_used`,`tool_calls_used`,`step_budget`,`tool_call_budget`);--> statement-breakpoint
CREATE INDEX `runs_wall_clock` ON `runs` (`subject`,`wall_clock`);--> statement-breakpoint
CREATE INDEX `runs_bytes` ON `runs` (`subject`,`bytes`);--> statement-breakpoint
CREATE INDEX `runs_inputs` ON `runs` (`subject`,`inputs`,`outcome`);--> statement-breakpoint
CREATE INDEX `runs_llm_calls` ON `runs` (`subject`,`llm_calls`) WHERE llm_calls IS NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_llm_tokens` ON `runs` (`subject`,`llm_tokens`) WHERE llm_tokens IS NOT NULL;--> statement-breakpoint
CREATE TABLE `subjects` (
	`id` integer PRIMARY KEY NOT NULL,
	`task_ref` text NOT NULL,
	`agent_ref` text NOT NULL,
	`task_hash` text NOT NULL,
	`agent_hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_whole` ON `subjects` (`task_ref`,`agent_ref`,`task_hash`,`agent_hash`);