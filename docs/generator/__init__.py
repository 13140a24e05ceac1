"""Writes what the documentation says of commands, settings, routes, metrics and places in the code, from the code itself.

=============  ====================================================================================
``blocks``     ``<!-- made: NAME -->`` … ``<!-- end -->`` in a page: what stands between is written here
``commands``   every command of ``tracuu`` with its help
``settings``   every ``TRACUU_*`` variable
``routes``     every address that ``tracuu serve`` answers, what it takes and returns, its errors
``metrics``    every figure of ``/metrics``
``places``     `` `file.py: name` `` in a page: where a name lies, put right where it has moved
=============  ====================================================================================
"""
