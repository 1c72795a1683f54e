"""Question banks as data.

`schema` says what one is, `loader` takes a file, `reader` reads its parts, `values` what stands in them;
every fault is told with its line.
"""
