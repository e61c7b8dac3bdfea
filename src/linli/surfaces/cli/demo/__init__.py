"""A neighbourhood to look at: places, people and a year of matters, all through the one door.

`settings` reads what a demo neighbourhood is made of; `ground` draws its map; `places`,
`organisations` and `people` create it; `cases` says what is reported when; `life` leads one matter
from stage to stage; `play` lets all of them live in order of time. The same seed on the same day
gives the same neighbourhood.
"""
