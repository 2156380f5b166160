#!/usr/bin/perl
# setup_arch() from top to bottom: what each call leaves in the map and in
# memblock's lists, the limit, the page tables. Addresses are of the boot.
# boot: chapter=3 arch=x86_64 mem=128M initrd=300000
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{/ } <> };
my %claim = map { $_->{who} => sprintf '%x–%x', hex $_->{base}, hex($_->{base}) + hex($_->{size}) - 1 }
	grep { $_->{t} eq 'claim' } @lines;
my @ram = map { sprintf '%x–%x', hex $_->{base}, hex($_->{base}) + hex($_->{size}) - 1 }
	grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' } @lines;
my ($limits) = grep { $_->{t} eq 'limits' } @lines;
my %entries;
$entries{$_->{t}}++ for grep { $_->{t} =~ /^e820/ } @lines;
sub reserved { map { "+ $claim{$_} " . tex($_) } @_ }
sub tex { return "\\textnormal{$_[0]}" }

# call, the map, + memory, + reserved; the limit and the tables from here on
my @rows = (
	['', [tex("the loader's page")], [], [], 'none', 'early_top_pgt'],
	['early_reserve_memory()', [], [], [reserved('kernel', 'first 64 KiB', 'initrd', 'BIOS')]],
	['e820__memory_setup()', [tex("sorted: $entries{e820_firmware} entries")], [], []],
	['parse_setup_data()', [tex('+ what had no room')], [], []],
	['check_initrd()', [], [], [tex('− an initrd that is no RAM')]],
	['parse_early_param()', [tex('as the user wants')], [], []],
	['e820__finish_early_params()', [tex('sorted again')], [], []],
	['e820_add_kernel_range()', [tex('the kernel is in RAM')], [], []],
	['trim_bios_range()', [tex("final: $entries{e820} entries")], [], []],
	['e820__end_of_ram_pfn()', [sprintf 'max_pfn=%x', $limits->{max_pfn}], [], []],
	['reserve_brk()', [], [], [reserved('brk')]],
	['e820__memblock_setup()', [], [map { "+ $_" } @ram], [], '1 MiB'],
	['check_memory_answers()', [], [], []],
	['reserve_real_mode()', [], [], [reserved('trampoline'), '+ 0–fffff']],
	['check_memory_left()', [], [], []],
	['init_mem_mapping()', [], [], [tex('+ page tables,'), tex('as far as brk has none')],
		sprintf('%x', hex $limits->{current_limit}), 'swapper_\\\\pg_dir'],
	['reserve_initrd()', [], [], [tex('+ a place in reach,'), tex('if the initrd has none')]],
	['e820__reserve_resources()', [tex('in') . ' /proc/iomem'], [], []],
);
my @x = (0, 3.5, 6.35, 8.85, 12.3, 12.95, 13.6);
my @head = ('call', 'the map', 'memory', 'reserved', 'limit', 'tables');
my ($line, $y, @at) = (0.3, 0);
print "\\begin{tikzpicture}\n\\tikzset{t/.style={anchor=north west,align=left,inner sep=1.5pt,",
	"font=\\fontsize{6.4}{8.5}\\selectfont\\ttfamily}}\n";
printf "\\node[anchor=base west,inner sep=1.5pt,font=\\fontsize{7}{8.5}\\selectfont\\bfseries] at (%g,0.14) {%s};\n", $x[$_], $head[$_] for 0 .. 5;
for my $row (@rows) {
	my ($call, @cells) = @$row;
	my $n = 1;
	for (@cells[0 .. 2]) { $n = @$_ if @$_ > $n }
	push @at, $y;
	printf "\\draw[thin rule,draw=quiet!45] (0,%g) -- (%g,%g);\n", $y, $x[4] - 0.1, $y;
	printf "\\node[t] at (0,%g) {%s};\n", $y, $call =~ s/_/\\_/gr;
	for my $i (0 .. 2) {
		printf "\\node[t] at (%g,%g) {%s};\n", $x[$i + 1], $y, join '\\\\', map { s/_/\\_/gr } @{$cells[$i]}
			if @{$cells[$i]};
	}
	$y -= $n * $line + 0.12;
}
push @at, $y;
printf "\\draw[thin rule,draw=quiet!45] (0,%g) -- (%g,%g);\n", $y, $x[4] - 0.1, $y;

# The limit and the tables hold until another row changes them;
# init_mem_mapping()'s own do so at its end.
for my $column (4, 5) {
	my @from = grep { defined $rows[$_][$column] } 0 .. $#rows;
	for my $i (0 .. $#from) {
		my ($top, $bottom) = (begin($from[$i]), $i < $#from ? begin($from[$i + 1]) : $at[-1]);
		printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n", ('white', 'mark', 'data')[$i + ($column == 5 && $i)],
			$x[$column], $top, $x[$column + 1] - 0.1, $bottom;
		printf "\\node[rotate=90,align=center,font=\\fontsize{6.4}{8}\\selectfont\\ttfamily] at (%g,%g) {%s};\n",
			($x[$column] + $x[$column + 1] - 0.1) / 2, ($top + $bottom) / 2, $rows[$from[$i]][$column] =~ s/_/\\_/gr;
	}
}
print "\\end{tikzpicture}\n";

sub begin { return $at[$_[0] + ($rows[$_[0]][0] eq 'init_mem_mapping()')] }
