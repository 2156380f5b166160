package Lexer;
# Cuts a line of code into tokens for highlighting: a list of [class, text], where the class is
# keyword, type, string, number, comment, directive, register, name, or '' for all else.
# Only a name can become a link.
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(tokens);

sub words { my $any = join '|', map { quotemeta } split ' ', shift; return qr/\b(?:$any)\b/ }

my $C_KEYWORD = words('break case const continue default do else enum extern for goto if inline register
	return sizeof static struct switch typedef union volatile while asm __asm__ __attribute__ __volatile__
	_Static_assert static_assert');
my $C_TYPE = qr/\b(?:void|char|short|int|long|signed|unsigned|float|double|bool|[us](?:8|16|32|64)|__[us](?:8|16|32|64)|\w+_t)\b/;
my $REGISTER = qr/\b(?:[er]?(?:ax|bx|cx|dx|si|di|sp|bp)|[abcd][hl]|(?:si|di|sp|bp)l|r(?:[89]|1[0-5])[dwb]?|[c-gs]s|cr[0-4]|[er]?ip|[xy]mm\d+)\b/i;
my $NASM_DIRECTIVE = words('bits org section segment global extern equ times db dw dd dq resb resw resd resq
	align absolute default incbin struc endstruc istruc iend at rel abs byte word dword qword near far short use16 use32');
my $STRING = qr/"(?:[^"\\]|\\.)*"?/;
my $SINGLE = qr/'(?:[^'\\]|\\.)*'?/;
my $NUMBER = qr/\b(?:0[xX][0-9a-fA-F_]+|0b[01_]+|\d[0-9a-fA-F_]*h|\d[\d_]*(?:\.\d+)?)[uUlL]*\b/;

# For each language: pairs of a class and what a token of that class looks like, first match wins.
# A block comment may stay open at the end of a line: the state is kept by the caller.
my $C_RULES = [
	comment => qr{//.*|/\*.*?(?:\*/|$)}, string => qr/$STRING|$SINGLE/,
	directive => qr/(?:(?<=^)|(?<=\n))\s*#\s*\w+/, string => qr/<[\w\/.-]+\.h>/,
	keyword => $C_KEYWORD, type => $C_TYPE, number => $NUMBER, '' => qr/->/, name => qr/[A-Za-z_]\w*/ ];
my %RULES = (
	c => $C_RULES,
	ld => [ comment => qr{/\*.*?(?:\*/|$)}, string => $STRING, directive => qr/^\s*#\s*\w+/,
		keyword => words('ENTRY OUTPUT_FORMAT OUTPUT_ARCH SECTIONS PHDRS MEMORY KEEP ALIGN ASSERT PROVIDE
			ADDR LOADADDR SIZEOF AT SORT DISCARD'), number => $NUMBER,
		'' => qr{[./]\w[\w.*]*}, name => qr/[A-Za-z_]\w*/ ],
	nasm => [ comment => qr/;.*/, string => qr/"[^"]*"?|'[^']*'?|`[^`]*`?/, directive => qr/%\w+/,
		directive => $NASM_DIRECTIVE, register => $REGISTER, number => $NUMBER, '' => qr/\.\w+/,
		name => qr/[A-Za-z_]\w*/ ],
	make => [ comment => qr/(?<!\\)#.*/, directive => qr/\b(?:ifeq|ifneq|ifdef|ifndef|else|endif|include|define|endef|export)\b/,
		string => qr/$STRING|$SINGLE/, register => qr/\$(?:\([^()]*\)|\{[^{}]*\}|[@<^?*%|])/, '' => qr/[A-Za-z_][\w-]*/ ],
	perl => [ comment => qr/(?<![\$\w])#.*/, string => qr/$STRING|$SINGLE/, register => qr/[\$\@%]\w+|[\$\@%]\{\w+\}/,
		keyword => words('my our local sub return if elsif else unless while until for foreach last next use package
			die print printf push shift pop map grep sort open close read unpack pack sprintf join split exit and or not'),
		number => $NUMBER, name => qr/[A-Za-z_]\w*/ ],
	sh => [ comment => qr/(?<![\$\w])#.*/, string => qr/$STRING|'[^']*'?/, register => qr/\$\w+|\$\{[^}]*\}/,
		keyword => words('if then elif else fi for in do done while case esac return exit local set'), '' => qr/[\w.\/-]+/ ],
	text => [],
);

# As one pattern, which matches where the last token ended: the group that matched says which rule it was, and the last
# one takes what no rule knows.
my (%PATTERN, %CLASSES);
while (my ($language, $rules) = each %RULES) {
	my @pairs = (@$rules, '' => qr/\w+|\s+|./s);
	my @any;
	while (my ($class, $pattern) = splice @pairs, 0, 2) { push @{ $CLASSES{$language} }, $class; push @any, "($pattern)" }
	my $any = join '|', @any;
	$PATTERN{$language} = qr/\G(?:$any)/;
}

# $state is a reference to a scalar that lives as long as the chunk: true inside a block comment.
sub tokens {
	my ($language, $text, $state) = @_;
	my $pattern = $PATTERN{$language} // $PATTERN{text};
	my $classes = $CLASSES{$language} // $CLASSES{text};
	my @tokens;
	if ($$state && $text =~ m{\G(?:.*?\*/|.*)}gc) {
		push @tokens, [ comment => $& ];
		$$state = 0 if $& =~ m{\*/$};
	}
	while ($text =~ /$pattern/gc) {
		my $class = $classes->[ $#- - 1 ];
		my ($start, $found) = ($-[0], $&);
		$$state = 1 if $class eq 'comment' && $found =~ m{^/\*} && $found !~ m{\*/$};
		# An instruction is the first word of a line that is no label.
		$class = 'keyword' if $language eq 'nasm' && $class eq 'name' && $found =~ /^[a-z]+\d*$/
			&& substr($text, 0, $start) =~ /^\s*(?:\.?\w+:)?\s*(?:(?:rep\w*|lock)\s+|\w+\s+times\s+\S+\s+)?$/
			&& substr($text, pos $text) !~ /^:|^\s+equ\b|^\s+d[bwdq]\b/;
		push @tokens, [ $class, $found ];
	}
	return @tokens;
}

1;
