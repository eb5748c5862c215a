"""Tables, migrations, repositories and the unit of work: the only room that speaks SQL."""
