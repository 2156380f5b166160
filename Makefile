# Reset to kmalloc. `make help` lists the verbs; tools/ does the work.
# A verb's line names the variables that it takes; tools/vet reads it there.

# What stands behind make goes to the tools as it stands, through the
# environment: make would expand a $ in it, and the shell read its quotes.
GIVEN := $(strip $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v)))
$(foreach v,$(GIVEN),$(eval $(if $(value $v),override export $v := $$(value $v),unexport $v)))
export GIVEN
export GOALS := $(MAKECMDGOALS)
MAKEOVERRIDES =
.NOTPARALLEL:

ALL_CH := $(shell tools/chapters)
NN = $(if $(CH),$(filter $(CH) 0$(CH),$(ALL_CH)),$(lastword $(ALL_CH)))
given = $${$1:+--$2 "$$$1"}
boot = tools/boot --chapter $(NN) $(call given,ARCH,arch) $(call given,MEM,mem) \
	$(call given,MACHINE,machine) $(call given,CPU,cpu) $(call given,APPEND,append)

# For readers
all:	setup kernels book where boot	## install, build, weave, boot the last kernel
boot:	kernel				## boot one: CH= ARCH= MEM= MACHINE= CPU= APPEND=
	@$(boot)
debug:	kernel				## stopped at reset, with gdb: CH= ARCH= MEM= MACHINE= CPU= APPEND=
	@$(boot) --debug
read:	book				## serve the HTML on loopback: PORT=
	@tools/serve build/book/html $$PORT
try:	setup				## test your solution of an exercise: EX=1.2 ANSWER=
	@tools/try "$$EX" "$$ANSWER"
compare: kernel				## a real Linux's lines beside ours; or your own dmesg's: CH= ARCH= MEM= MACHINE= LOG=
	@tools/compare --chapter $(NN) $(call given,ARCH,arch) $(call given,MEM,mem) \
		$(call given,MACHINE,machine) $(call given,LOG,log)
diff:	tangle				## what a chapter adds to the tangled tree: CH=
	@tools/chapter-diff $(NN)
check:	$(if $(value CH),setup,kernels book)	## all tests, or a kernel's: CH= ARCH= SEED= STEPS= RUN_I386= CHECK_ALL=1
	@$(if $(CH),tools/kernels $(call given,ARCH,arch) $(NN))
	@tools/check $(if $(CH),--chapter $(NN)) $(call given,ARCH,arch)
help:					## this list
	@awk -F '## ' '/^# For /{ print "\n" substr($$0, 3) } /^[a-z-]+:.*## /{ split($$1, verb, ":"); \
		printf "  make %-15s %s\n", verb[1], $$2 }' Makefile
	@printf '\n%s\n' 'tools/where FILE:LINE leads from a line of a tangled tree to its chapter, and back.'

# For authors
setup:	vet				## install the missing packages; INSTALL=no only names them
	@tools/setup
doctor:					## say of each tool whether it is there
	@tools/setup --doctor
kernels: setup				## tangle and build every chapter's kernel
	@tools/kernels $(ALL_CH)
kernel:	setup				## tangle and build one: CH= ARCH=
	@tools/kernels --arch "$${ARCH:-x86_64}" $(NN)
tangle:	setup				## only the trees for readers, tangle/chNN
	@tools/kernels --tangle-only $(ALL_CH)
book:	kernels				## the PDFs and the HTML
	@$(MAKE) --no-print-directory -f book/Makefile
check-all: kernels book			## all tests, in their long form: SEED= STEPS= RUN_I386=
	@CHECK_ALL=1 tools/check
check-bare: setup			## make and make check in a bare Debian
	@tools/check-bare
check-upstream: tangle			## Linux's own tests of memblock, run on ours
	@tools/check-upstream
fuzz:	kernels				## hostile maps and random steps: MINUTES= SEED= MAPS= RUN_I386=
	@tools/fuzz
bench:	kernels				## what the allocators cost, in guest instructions
	@tools/bench
order:	kernels				## every other order of mm_core_init(), booted; for the book's matrix: ARCH=
	@tools/order $(call given,ARCH,arch)
stats:	kernels				## prose and code, measured, beside other books
	@book/stats
times:	kernels				## how long the steps take
	@tools/times
clean:					## remove tangle/ and build/
	rm -rf tangle build
where:
	@echo "The book: build/book/pdf/*.pdf, build/book/html/index.html"
vet:
	@tools/vet --make
.PHONY: all boot debug read try compare diff check help setup doctor kernels kernel tangle \
	book check-all check-bare check-upstream fuzz bench order stats times clean where vet
