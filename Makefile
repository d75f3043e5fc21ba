# Every target that needs it runs the set-up first; on a ready checkout that takes about a second.
#   make up ARGS='--profile lowest'    flags of `aws-media local up`
#   make up ENV=local                  the environment to run; today only `local`
#   make test ONLY='sequence numbers'  the tests whose names match
.DEFAULT_GOAL := help
.PHONY: help setup up down test engine judge scan image api policies tf-mapping replacement test-long bench lint format format-check s3-server clean

# Only from the command line: a shell may export ENV or ARGS for purposes of its own (ENV names sh's start-up file).
environment := $(if $(filter command line,$(origin ENV)),$(ENV),local)
arguments := $(if $(filter command line,$(origin ARGS)),$(ARGS))
export ONLY

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@printf '\n%s\n' "Flags: make up ARGS='--profile lowest', make test ONLY='name of a test'. First time here? make up"

setup: ## Install what is missing, and build
	@sh scripts/setup.sh

up: setup ## Set up, then run a live channel on this machine until Ctrl-C
	@bin/aws-media local up $(environment) $(arguments)

down: ## Stop the channel that runs in the background
	@bin/aws-media local down $(arguments)

test: setup ## Set up, then run every test (ONLY=pattern for some)
	@scripts/with-node.sh node scripts/test.mjs unit engine e2e

engine: ## Find a Pulumi CLI for the tests of the real engine, or build one (Go, once, 3 to 6 minutes)
	@scripts/pulumi-engine.sh

judge: setup ## Have every example and component judged by the real AWS provider (built once, 25 minutes)
	@scripts/judge.sh >/dev/null
	@scripts/with-node.sh node --enable-source-maps dist/tests/judge/main.js $(arguments)

scan: setup ## Checkov over the judged plans (installed once, from PyPI)
	@scripts/checkov.sh >/dev/null
	@scripts/with-node.sh node --enable-source-maps dist/tests/judge/scan-main.js

image: setup ## Build the images of the runtime without Docker, and prove that they run (root, Debian)
	@scripts/image.sh $(arguments)

api: setup ## Write the public API report (api) and reference (docs/api), after a change of what the package exports
	@scripts/with-node.sh node scripts/api-report.mjs
	@scripts/with-node.sh node scripts/api-docs.mjs

policies: setup ## Write RULES.md, the profiles and the comparison, after a change of the policy pack's rules
	@scripts/with-node.sh node scripts/policies.mjs

tf-mapping: setup ## Generate Terraform's names of what @pulumi/aws has
	@scripts/with-node.sh node tools/tf-mapping/generate.mjs

replacement: setup ## Ask the AWS provider which inputs replace a resource (needs make judge)
	@scripts/with-node.sh node tools/replacement/generate.mjs "$$(scripts/judge.sh --find | tail -n 1)/terraform-provider-aws"

test-long: setup ## The tests that take too long for every run
	@scripts/with-node.sh node scripts/test.mjs long

bench: setup ## Measure what the documents claim
	@scripts/with-node.sh node scripts/bench.mjs $(arguments)

lint: setup ## Check the code, and that dependencies point one way
	@scripts/with-node.sh node --max-old-space-size=8192 node_modules/eslint/bin/eslint.js --max-warnings 0 .

format: setup ## Rewrite files in the project's format
	@scripts/with-node.sh node node_modules/prettier/bin/prettier.cjs --write --log-level warn .

format-check: setup ## Check the format, change nothing
	@scripts/with-node.sh node node_modules/prettier/bin/prettier.cjs --check --log-level warn .

s3-server: ## Obtain the S3 servers that tests of the S3 store use (into a cache; without them, those are skipped)
	@sh scripts/s3-server.sh

clean: ## Remove what was built and measured (not node_modules, .tools or a channel's store)
	@rm -rf dist coverage
