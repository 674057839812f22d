-- An appliance may serve several directories: their names, as a JSON array.

ALTER TABLE appliance RENAME COLUMN directory TO directories;
UPDATE appliance SET directories = json_array(directories);
