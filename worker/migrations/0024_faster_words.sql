-- The same words in half the time: two letters of each word in turn, instead of two of the text of which none is a space. A row without a
-- text has none.
create or replace function message_words(room integer, said text) returns text[]
language plpgsql immutable parallel safe cost 2000 as $$
declare
  words text[] := array['room ' || room];
  word text;
begin
  foreach word in array string_to_array(coalesce(translate(lower(said), E'\n\t', '  '), ''), ' ') loop
    for place in 1 .. length(word) - 1 loop
      words := words || substr(word, place, 2);
    end loop;
  end loop;
  return words;
end $$;
