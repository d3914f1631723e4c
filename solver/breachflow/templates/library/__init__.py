"""The templates: every module of this folder is one, named as its key `template`, or reads mesh files.

A module declares a subclass of `MeshSource` and names it `SOURCE`.
"""
