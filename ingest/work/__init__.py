"""Work that is shared between machines: a queue in PostgreSQL (procrastinate), workers, and what they have read.

==============  ==========================================================================================
``queue``       the queue: what is put into it, given back, done again, and who is at work
``pages``       what workers have read, page by page, kept by the content of the file
``ahead``       the ingest's side: has the pages of scans read by workers before it parses the files
``tasks``       what a worker does with one job, and what it does when that fails
``bench``       what all jobs of a worker share: readers, copies of the files
``worker``      a worker: as many jobs at once as it has slots, until it is told to end
``watching``    the jobs as people and Prometheus see them
``migrations``  the tables
==============  ==========================================================================================

Only imported where ``TRACUU_DATABASE`` names a server.
"""
