"""Open311 GeoReport v2: residents' apps report and ask through the published standard.

https://wiki.open311.org/GeoReport_v2/ – field names, formats and errors follow it to the letter.
Extensions: `page` and `page_size`, as Chicago, Boston and Toronto have them.
"""
