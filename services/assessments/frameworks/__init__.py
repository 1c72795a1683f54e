"""Question banks as data: `schema` says what one is, `loader` reads it with line-numbered errors."""
