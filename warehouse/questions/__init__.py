"""The cookbook: questions that a finance bureau asks, each one file of SQL with a head that says what it answers.

A new question is a new file `NN_key.sql`; nothing else lists it. Its head, in lines of `-- `:

    -- the title
    -- 主题：the theme under which it is listed
    -- what it answers (one line or more)
    -- $name: kind = default; meaning        (a parameter: kind is 文字, 整数 or 数; without default it is NULL)
"""
