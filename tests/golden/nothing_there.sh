# Reading where nothing was stored yet.
af search printer
af stats
af check
af ticket list
af dump
af backup "$W/copy"
ls "$W"
