; A boot sector that makes the BIOS worse than it is. The BIOS starts it
; from drive 80h; it puts itself between the BIOS and INT 15h, loads the
; boot sector of drive 81h as the BIOS would have, and starts it.
;
;	nasm -f bin -DMODE=n
;
; MODE	INT 15h then…
;   1	has no E820
;   2	has neither E820 nor E801
;   3	has none of E820, E801, 88h
;   4	fails the third E820 call (carry)
;   5	loses the signature in the third E820 call
;   6	never ends its E820 list
;   7	writes 24 bytes an E820 entry, whatever it was asked for
;   8	has no E820, and answers E801 in CX and DX only
;   9	leaves rubbish in every register that holds no answer
;  10	fails the E820 call for the last entry
;  17	has none of the three either, and touches neither flag nor register
;  11	writes 24 bytes for 24 offered, and takes its second range back
;
; and, with the calls as they were, MODE
;  12	says that the EBDA is 1 KiB lower
;  13	comes with the A20 gate shut
;  14	the same, and has no call that opens it
;  15	has its EBDA here, and in it an ACPI root pointer with a bad checksum
;  16	has an MP structure at 3e0h, whose table is at fffffff0h

	bits	16
	org	0

HOOK_KIB	equ 1
BDA_KIB		equ 0x413		; conventional memory, in KiB
BDA_EBDA	equ 0x40e		; the segment of the EBDA
A20_PORT	equ 0x92		; bit 1: the gate is open
INT15		equ 4 * 0x15

start:
	xor	ax, ax
	mov	ds, ax
	mov	ss, ax
	mov	sp, 0x7000
	cld
	sub	word [BDA_KIB], HOOK_KIB
	mov	ax, [BDA_KIB]
	shl	ax, 6			; KiB to a segment
	mov	es, ax
	mov	si, 0x7c00
	xor	di, di
	mov	cx, 256
	rep	movsw			; up there, out of everybody's way
	push	es
	push	.moved
	retf
.moved:
	mov	eax, [INT15]
	mov	[cs:old], eax
	mov	word [INT15], hook
	mov	[INT15 + 2], cs

	xor	ax, ax
	mov	es, ax
	mov	bx, 0x7c00
	mov	ax, 0x0201		; one sector: cylinder 0, head 0, …
	mov	cx, 1			; … sector 1
	mov	dx, 0x81
	int	0x13
	jc	$
%if MODE == 12
	sub	word [BDA_EBDA], 1024 / 16
%elif MODE == 13 || MODE == 14
	in	al, A20_PORT
	and	al, ~3
	out	A20_PORT, al
%elif MODE == 15
	mov	[BDA_EBDA], cs
%elif MODE == 16
	push	cs
	pop	ds
	mov	si, mp
	mov	di, 0x3e0
	mov	cx, 16 / 2
	rep	movsw
%endif
	mov	dl, 0x81
	jmp	0:0x7c00

; The new INT 15h. "bios" calls the old one with the registers as they
; are; "carry" returns to the caller with carry set.
%macro	bios 0
	pushf
	call	far [cs:old]
%endmacro

hook:
%if MODE == 17
	cmp	eax, 0xe820
	je	nothing
	cmp	ax, 0xe801
	je	nothing
	cmp	ah, 0x88
	je	nothing
%endif
	cmp	eax, 0xe820
	je	e820
	cmp	ax, 0xe801
	je	e801
	cmp	ah, 0x88
	je	int88
%if MODE == 14
	cmp	ax, 0x2401
	je	failed
%endif
	jmp	far [cs:old]

nothing:
	iret
failed:
	mov	ah, 0x86		; function not supported
	push	bp
	mov	bp, sp
	or	byte [bp + 6], 1	; carry in the caller's flags
	pop	bp
	iret
worked:
	push	bp
	mov	bp, sp
	and	byte [bp + 6], ~1
	pop	bp
	iret

e820:
%if MODE == 1 || MODE == 2 || MODE == 3 || MODE == 8
	jmp	failed
%elif MODE == 4 || MODE == 5
	inc	byte [cs:calls]
	cmp	byte [cs:calls], 3
	je	.spoil
	jmp	far [cs:old]
.spoil:
 %if MODE == 4
	jmp	failed
 %else
	bios
	mov	eax, 0x12345678
	jmp	worked
 %endif
%elif MODE == 6
	cmp	ebx, 0x8000
	jae	.more
	bios
	jc	failed
	test	ebx, ebx
	jnz	worked
	mov	ebx, 0x8000
	jmp	worked
.more:				; pages behind 4 GiB, without end
	push	ebx
	and	ebx, 0x7fff
	shl	ebx, 12
	mov	[es:di], ebx
	mov	dword [es:di + 4], 1
	mov	dword [es:di + 8], 0x1000
	mov	dword [es:di + 12], 0
	mov	dword [es:di + 16], 2
	pop	ebx
	inc	ebx
	mov	eax, 0x534d4150
	mov	ecx, 20
	jmp	worked
%elif MODE == 7
	bios
	jc	failed
	mov	dword [es:di + 20], 1	; ACPI 3: the entry is enabled
	mov	ecx, 24
	jmp	worked
%elif MODE == 11
	cmp	ecx, 24
	jae	.extended
	jmp	far [cs:old]
.extended:
	bios
	jc	failed
	inc	byte [cs:calls]
	cmp	byte [cs:calls], 2
	setne	[es:di + 20]		; bit 0: the entry is enabled
	mov	ecx, 24
	jmp	worked
%elif MODE == 9
	bios
	jc	failed
	mov	edx, 0xbadbad01
	mov	esi, 0xbadbad02
	mov	edi, 0xbadbad03
	mov	ebp, 0xbadbad04
	push	word 0xbad5
	pop	fs
	push	word 0xbad6
	pop	gs
	jmp	worked
%elif MODE == 10
	push	ebx
	push	es
	push	di
	push	cs
	pop	es
	mov	di, scratch		; would this be the last one?
	bios
	pop	di
	pop	es
	test	ebx, ebx
	pop	ebx
	jz	failed
	mov	eax, 0xe820
	mov	ecx, 20
	mov	edx, 0x534d4150
	jmp	far [cs:old]
%else
	jmp	far [cs:old]
%endif

e801:
%if MODE == 2 || MODE == 3
	jmp	failed
%elif MODE == 8
	bios
	jc	failed
	xor	ax, ax
	xor	bx, bx
	jmp	worked
%elif MODE == 9
	bios
	jc	failed
	mov	esi, 0xbadbad05
	mov	edi, 0xbadbad06
	mov	ebp, 0xbadbad07
	jmp	worked
%else
	jmp	far [cs:old]
%endif

int88:
%if MODE == 3
	jmp	failed
%elif MODE == 9
	bios
	jc	failed
	mov	bx, 0xbad8
	mov	cx, 0xbad9
	mov	dx, 0xbada
	mov	esi, 0xbadbad0b
	mov	edi, 0xbadbad0c
	mov	ebp, 0xbadbad0d
	jmp	worked
%else
	jmp	far [cs:old]
%endif

%if MODE == 15
	align	16
	db	"RSD PTR ", 0, "WRONG ", 0
	dd	0x1000
%elif MODE == 16
mp:	db	"_MP_"
	dd	0xfffffff0
	db	1, 4, -(0x5f + 0x4d + 0x50 + 0x5f + 0xf0 + 3 * 0xff + 5) & 0xff
	db	0, 0, 0, 0, 0
%endif
old:	dd	0
calls:	db	0
	times	510 - ($ - $$) db 0
	dw	0xaa55
scratch:				; behind the sector: 24 bytes
