; A set-up that hands the kernel whatever memory map a test wants. It
; stands in for the real-mode part of an image: QEMU's -kernel loads it
; and the kernel behind it, and it enters the kernel by the 32-bit boot
; protocol (Documentation/arch/x86/boot.rst) with a ready-made zero page.
;
;	nasm -f bin -DPAGE='"file"' [-DPAGE_BYTES=n] [-DSETUP_DATA=address]
;
; The file is the zero page, 4096 bytes, and what is to lie behind it: n,
; a multiple of 512, counts both. setup_data nodes are put there. Words
; that QEMU put into the header: -DRAMDISK_IMAGE= -DRAMDISK_SIZE= -DLOADER=
; -DCMD_LINE_PTR=

	bits	16
	org	0

%ifndef PAGE_BYTES
PAGE_BYTES	equ 4096
%endif
%ifndef SETUP_DATA
SETUP_DATA	equ 0
%endif
SETUP_SECTS	equ 1 + PAGE_BYTES / 512
CODE32		equ 0x100000
HDR		equ 0x1f1
ZERO_PAGE	equ 0x70000		; above all that QEMU has put low
CS32		equ 0x10
DS32		equ 0x18

	times	HDR db 0
header:
	db	SETUP_SECTS
	dw	1
	dd	0
	dw	0, 0xffff, 0
	dw	0xaa55
	jmp	short start		; offset 0x200
	db	"HdrS"
	dw	0x020f			; protocol 2.15
	dd	0
	dw	0x1000, 0
type_of_loader:	db 0
	db	1			; LOADED_HIGH
	dw	0x8000
	dd	CODE32
	dd	0, 0, 0			; initrd, bootsect_kludge
	dw	0xfe00 - 0x200
	db	0, 0
	dd	0			; cmd_line_ptr
	dd	0x7fffffff
	dd	0x200000
	db	0, 21
	dw	0
	dd	2047
	dd	0
	dq	0
	dd	0, 0
	dq	SETUP_DATA, 0x1000000
	dd	0x2000000, 0, 0
header_end:

; DS is our segment, CS 0x20 more.
start:
	cli
	cld
	in	al, 0x92		; A20, if it is not open
	or	al, 2
	and	al, ~1
	out	0x92, al
	mov	ax, ds
	mov	ss, ax
	mov	sp, 0xfe00
	mov	ax, ZERO_PAGE >> 4
	mov	es, ax
	mov	si, page
	xor	di, di
	mov	cx, PAGE_BYTES / 4
	rep	movsd
	mov	si, header		; as the loader filled it in
	mov	di, HDR
	mov	cx, header_end - header
	rep	movsb
%ifdef RAMDISK_IMAGE
	mov	dword [es:0x218], RAMDISK_IMAGE
%endif
%ifdef RAMDISK_SIZE
	mov	dword [es:0x21c], RAMDISK_SIZE
%endif
%ifdef CMD_LINE_PTR
	mov	dword [es:0x228], CMD_LINE_PTR
%endif
%ifdef LOADER
	mov	byte [es:0x210], LOADER
%endif

	xor	eax, eax
	mov	ax, ds
	shl	eax, 4
	add	[gdt_pointer + 2], eax
	add	[entry], eax
	lgdt	[gdt_pointer]
	mov	eax, cr0
	or	al, 1
	mov	cr0, eax
	jmp	dword far [entry]

	bits	32
protected:
	mov	ax, DS32
	mov	ds, ax
	mov	es, ax
	mov	fs, ax
	mov	gs, ax
	mov	ss, ax
	xor	ebx, ebx
	xor	ebp, ebp
	xor	edi, edi
	mov	esi, ZERO_PAGE
	mov	eax, CODE32
	jmp	eax

	align	8
gdt:	dq	0, 0
	dq	0x00cf9b000000ffff
	dq	0x00cf93000000ffff
gdt_pointer:
	dw	$ - gdt - 1
	dd	gdt
entry:	dd	protected
	dw	CS32

	align	16
page:	incbin	PAGE, 0, PAGE_BYTES
	times	512 * (SETUP_SECTS + 1) - ($ - $$) db 0
