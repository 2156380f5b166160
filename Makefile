# Reset to kmalloc. `make help` lists the verbs; tools/ does the work.

ARCH ?= x86_64
MEM ?= 128M
MACHINE ?= pc
CPU ?=
APPEND ?=
CHAPTERS := $(sort $(wildcard chapters/[0-9]*.nw))
ALL_CH := $(foreach c,$(notdir $(CHAPTERS)),$(firstword $(subst -, ,$(c))))
CH ?= $(lastword $(ALL_CH))
NN = $(shell printf %02d $$(echo $(CH) | sed 's/^0*//'))
BOOT = tools/boot --chapter $(CH) --arch $(ARCH) --mem $(MEM) \
	--machine $(MACHINE) --cpu '$(CPU)' --append '$(APPEND)'

all:	setup kernels book where boot	## install, build, weave, boot the last kernel
help:					## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1#/p' Makefile | column -t -s '#'
setup:					## install the missing packages (INSTALL=no: only name them)
	@tools/setup
doctor:					## say of each tool whether it is there
	@tools/setup --doctor
kernels: setup				## tangle and build every chapter's kernel
	@tools/kernels $(ALL_CH)
tangle:					## only the trees for readers, tangle/chNN
	@tools/kernels --tangle-only $(ALL_CH)
boot:	kernel				## boot one: CH= ARCH= MEM= MACHINE= CPU= APPEND=
	@$(BOOT)
debug:	kernel				## the same, stopped at reset, with gdb
	@$(BOOT) --debug
kernel:	setup
	@tools/kernels --arch $(ARCH) $(NN)
book:	kernels				## the PDF and the HTML
	@$(MAKE) --no-print-directory -f book/Makefile
read:	book				## serve the HTML on loopback
	@tools/serve build/book/html
check:	kernels book			## all tests; CH=n ARCH=… for some
	@tools/check $(if $(filter command line,$(origin CH)),--chapter $(CH)) \
		$(if $(filter command line,$(origin ARCH)),--arch $(ARCH))
try:	setup				## test your solution of an exercise: EX=1.2
	@tools/try '$(EX)' '$(ANSWER)'
check-bare: setup			## make and make check in a bare Debian
	@tools/check-bare
check-upstream: tangle			## Linux's own tests of memblock, run on ours
	@tools/check-upstream
fuzz:	kernels				## hostile maps and random steps: MINUTES= SEED=
	@tools/fuzz
bench:	kernels				## what the allocators cost, in guest instructions
	@tools/bench
diff:	tangle				## what chapter CH adds to the tangled tree
	@tools/chapter-diff $(NN)
stats:	kernels				## prose and code, measured, beside other books
	@book/stats
times:	kernels				## how long the steps take
	@tools/times
clean:					## remove tangle/ and build/
	rm -rf tangle build
where:
	@echo "The book: build/book/pdf/reset-to-kmalloc.pdf, build/book/html/index.html"
.PHONY: all help setup doctor kernels tangle boot debug kernel book read check \
	try check-bare check-upstream fuzz bench diff stats times clean where
