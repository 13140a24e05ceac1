# make install   the program, into .venv; ENCODERS=1 with what a model of sentence-transformers needs (1.2 GB more)
# make run       install, read corpus/ where it has changed, and open the web page, its address is printed (and the Telegram bot with
#                TRACUU_TELEGRAM_TOKEN)
# make test      every check that a change must pass (what .ci/run runs)
# make mutation  whether the tests of the heart's formal parts fail when these are changed; half an hour; ONLY='rag.slots.due*' for a part
# make bench     times and memory against their limits
# make bench-search  our search beside its peers, on the questions of ../shared/bench; ONLY='--sets alqac --systems ranked' for a part
# make bench-telegram  the Telegram bot under load: 200 people at once, then 20,000 messages
# make bench-kills   the Telegram bot killed ten times while 600 wait: right, lost
# make bench-chats  Telegram and Zalo together, 20,000 messages with a few kills: lost, doubled, memory; ONLY='2000 3' for a part
# make bench-many-bots  several Telegram bots over PostgreSQL with a standby, whose parts die while people ask; ONLY='--faults 20'
# make bench-many    three serving nodes, PostgreSQL with a standby and a bucket, whose parts die while twenty people ask; ONLY='--faults 20'
# make bench-work  scans read by one worker, then by three of which two are killed; ONLY='--pages 40' for a part
# make bench-store   a store that machines share: how soon three nodes follow, bytes fetched, processor time; ONLY='--times 3' for a part
# make bench-scale   how time, memory and disk grow: 50,000, 200,000 and 800,000 passages; hours; ONLY='--sizes 50000' for a part
# make train-chooser  learn anew which provision answers, and how surely, from the bank of questions and ../shared; an hour
# make train-chooser ONLY=--unasked  the same for documents on which there are no questions; a quarter of an hour
# make train-core  learn anew to part a question from what stands around it; from corpus/questions
# make train-places  learn anew whether a question is of a place that it names; from corpus/questions; a minute
# make train-deadlines  learn anew which times are deadlines, from the documents marked in ingest/data/dated; a minute
# make bench-nodes   a library in one piece and on four search nodes: times, processor time, memory; ONLY='FOLDER --shards 4', a data folder
# make bench-web   the page and the API under load, the weight of the page; ONLY='--seconds 20' for a part
# make bench-faults  how long a reader waits with each way in which a language model may fail, on every channel
# make bench-damage  processes killed, files of the index damaged, hostile files: lost and wrong answers; ONLY='--kills 20' for a part
# make deb       the Debian package, in build/; ENCODERS=1 with what a model of sentence-transformers needs (1.2 GB more)
# make test-deb  the package installed, upgraded, removed in a fresh Debian (root, mmdebstrap and a mirror needed; minutes)
# make docs      write what the documentation says of commands, settings, routes, metrics and places in the code anew
# make pictures  take the pictures of the README (chromium needed)
# make lock      choose the newest dependencies anew

PYTHON ?= python3
BIN := .venv/bin
DATA := $(or $(TRACUU_DATA),.data)
CORPUS := $(or $(TRACUU_CORPUS),corpus)
CODE := bot ingest rag tests benchmarks packaging docs

.PHONY: install run test mutation bench bench-search bench-telegram bench-kills bench-chats bench-work bench-scale bench-nodes \
	train-chooser train-core train-places train-deadlines bench-wordings bench-faults bench-damage bench-store bench-many \
	bench-many-bots bench-web docs pictures deb test-deb lock
.DELETE_ON_ERROR:

install: .venv/installed $(if $(ENCODERS),.venv/installed-encoders)
	@echo 'Đã cài xong. Lệnh: .venv/bin/tracuu'

# The documents and questions are read again where one of them, or the code that reads them, has changed since the last look.
CHANGED = find "$(CORPUS)" -newer "$(DATA)/looked" -print -quit; \
	find $$($(BIN)/python -m ingest.code_version) -newer "$(DATA)/looked" -print -quit
LOOK = mkdir -p "$(DATA)" && touch "$(DATA)/looking" && { $(BIN)/tracuu ingest || [ $$? -eq 1 ]; } && mv "$(DATA)/looking" "$(DATA)/looked"

# The bot beside the page; when the page ends, so does the bot.
WITH_TELEGRAM = $(BIN)/tracuu telegram & bot=$$!; trap 'kill $$bot 2>/dev/null; wait $$bot' EXIT INT TERM; $(BIN)/tracuu serve

run: .venv/installed
	@if [ ! -e "$(DATA)/current" ] || [ ! -e "$(DATA)/looked" ] || [ -n "$$($(CHANGED))" ]; then $(LOOK); fi
	@if [ -z "$$TRACUU_TELEGRAM_TOKEN" ]; then exec $(BIN)/tracuu serve; else $(WITH_TELEGRAM); fi

test: .venv/installed-dev
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy & types=$$!; \
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$types && exit $$tests

mutation: .venv/installed-mutation
	$(BIN)/mutmut run $(if $(ONLY),'$(ONLY)')
	$(BIN)/mutmut results

bench: .venv/installed
	$(BIN)/python benchmarks/ask.py

bench-search: .venv/installed-bench
	$(BIN)/python -m benchmarks.search $(ONLY)

bench-telegram: .venv/installed
	$(BIN)/python benchmarks/telegram.py

bench-kills: .venv/installed-dev
	$(BIN)/python benchmarks/kills.py

bench-chats: .venv/installed-dev
	$(BIN)/python -m benchmarks.chats $(ONLY)

bench-work: .venv/installed-dev
	$(BIN)/python -m benchmarks.work $(ONLY)

bench-scale: .venv/installed
	$(BIN)/python -m benchmarks.scale $(ONLY)

bench-nodes: .venv/installed-dev
	$(BIN)/python -m benchmarks.nodes $(ONLY)

train-chooser: .venv/installed-bench
	$(BIN)/python -m benchmarks.train_chooser $(ONLY)

train-core: .venv/installed-bench
	$(BIN)/python -m rag.training.core

train-places: .venv/installed-dev
	$(BIN)/python -m rag.training.places

train-deadlines: .venv/installed-dev
	$(BIN)/python -m ingest.deadlines.training

bench-wordings: .venv/installed-dev
	$(BIN)/python -m benchmarks.wordings

bench-faults: .venv/installed-dev
	$(BIN)/python -m benchmarks.faults

bench-damage: .venv/installed-dev
	$(BIN)/python -m benchmarks.damage $(ONLY)

bench-store: .venv/installed-dev
	$(BIN)/python -m benchmarks.store $(ONLY)

bench-many: .venv/installed-dev
	$(BIN)/python -m benchmarks.many $(ONLY)

bench-many-bots: .venv/installed-dev
	$(BIN)/python -m benchmarks.many_bots $(ONLY)

bench-web: .venv/installed-dev
	$(BIN)/python -m benchmarks.web $(ONLY)

docs: .venv/installed
	$(BIN)/python -m docs.generator

pictures: .venv/installed-dev
	$(BIN)/python -m docs.pictures.take

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo 'Cần Python 3.11 trở lên. Trên Debian 12, Ubuntu 24.04 trở lên: apt-get install python3 python3-venv' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'Python thiếu phần venv. Hãy chạy: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml requirements.lock | .venv/bin/python
	@echo 'Đang cài thư viện vào .venv (lần đầu mất vài phút)…'
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/installed-encoders: .venv/installed requirements-encoders.lock
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.lock -r requirements-encoders.lock
	@touch $@

.venv/installed-dev: .venv/installed-encoders requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.lock
	@touch $@

.venv/installed-mutation: .venv/installed-dev requirements-mutation.lock
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-mutation.lock
	@touch $@

.venv/installed-bench: .venv/installed-encoders requirements-bench.lock
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-bench.lock
	@touch $@

# The package runs with Debian's own Python, whatever runs here.
DEB_LIBRARIES := build/deb/libraries$(if $(ENCODERS),-encoders)

$(DEB_LIBRARIES): pyproject.toml requirements.lock requirements-encoders.lock packaging/libraries.py
	rm -rf $@
	/usr/bin/python3 -m venv $@.new
	/usr/bin/python3 packaging/libraries.py $(if $(ENCODERS),--encoders) > build/deb/wanted
	$@.new/bin/pip install -q --disable-pip-version-check --no-compile -c requirements.lock -c requirements-encoders.lock -r build/deb/wanted
	mv $@.new $@

deb: $(DEB_LIBRARIES)
	packaging/build $(DEB_LIBRARIES)

test-deb: .venv/installed-dev $(DEB_LIBRARIES)
	TEST_DEB_LIBRARIES=$(DEB_LIBRARIES) $(BIN)/python -m pytest tests/packaging

# The versions that a clean environment gets, without the build tag of one machine's torch or its CUDA packages.
FREEZE = build/lock/bin/pip freeze --exclude-editable | sed -E 's/^(torch==[0-9.]+)\+.*/\1/; /^(nvidia-|cuda-|triton)/d'

lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install -q -e .
	$(FREEZE) > requirements.lock
	build/lock/bin/pip install -q -r requirements.lock -e '.[encoders]'
	$(FREEZE) | grep -vxFf requirements.lock > requirements-encoders.lock
	for group in dev bench mutation; do \
		$(PYTHON) -m venv --clear build/lock || exit 1; \
		build/lock/bin/pip install -q -r requirements.lock -r requirements-encoders.lock -e ".[$$group]" || exit 1; \
		{ printf -- '-r requirements%s.lock\n' '' -encoders; \
			$(FREEZE) | grep -vxFf requirements.lock -f requirements-encoders.lock; } > "requirements-$$group.lock"; \
	done
	rm -rf build/lock
