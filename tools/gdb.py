# For gdb: "chapter" says which line of the book a line of the kernel is.
#
#   chapter               where the program stands, or the frame that is chosen
#   chapter LOCATION      a function, FILE:LINE, *ADDRESS
import os
import subprocess

import gdb

TOOLS = os.path.dirname(os.path.abspath(__file__))


class Chapter(gdb.Command):
    """Say which chapter, line, chunk and section a place came from."""

    def __init__(self):
        super().__init__("chapter", gdb.COMMAND_FILES, gdb.COMPLETE_LOCATION)

    def invoke(self, argument, from_tty):
        if argument:
            lines = gdb.decode_line(argument)[1] or ()
        else:
            lines = (gdb.selected_frame().find_sal(),)
        lines = [line for line in lines if line.symtab]
        if not lines:
            raise gdb.GdbError("no line is known here")
        for line in lines:
            path = line.symtab.filename
            if path.startswith("./"):
                path = path[2:]
            place = "%s:%d" % (path, line.line)
            print(place)
            said = subprocess.run(
                [TOOLS + "/where", "--chapter", os.environ["CHAPTER"], place],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                universal_newlines=True)
            gdb.write(said.stdout)


Chapter()
