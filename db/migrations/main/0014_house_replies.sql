-- The house's first ready replies; who looks after the house changes them at the desk.
INSERT INTO canned_reply (id, owner_id, word, language, text, changed_at) VALUES
  ('rpl_01kap000000000000000000001', NULL, 'hello', 'en', 'Hello {name}, how good to hear from you!', 0),
  ('rpl_01kap000000000000000000002', NULL, 'soon', 'en', 'One moment please, {name}, I am right back.', 0),
  ('rpl_01kap000000000000000000003', NULL, 'night', 'en', 'Sleep well, {name}. We go on whenever you like.', 0),
  ('rpl_01kap000000000000000000004', NULL, 'thanks', 'en', 'Thank you for telling me, {name}.', 0),
  ('rpl_01kap000000000000000000005', NULL, 'hallo', 'de', 'Guten Tag, {name}, wie schön, von Ihnen zu hören!', 0),
  ('rpl_01kap000000000000000000006', NULL, 'gleich', 'de', 'Einen Moment bitte, {name}, ich bin gleich wieder da.', 0),
  ('rpl_01kap000000000000000000007', NULL, 'nacht', 'de', 'Schlafen Sie gut, {name}. Wir machen weiter, wann immer Sie mögen.', 0),
  ('rpl_01kap000000000000000000008', NULL, 'danke', 'de', 'Danke, dass Sie mir das erzählen, {name}.', 0);

