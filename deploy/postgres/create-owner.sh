#!/usr/bin/env bash
# Runs once, when PostgreSQL prepares its empty volume: the role that owns the bank's database and migrates it. Not a
# superuser; CREATEROLE is for the application's role, which the first migration makes.
set -euo pipefail
owner_password=$(</run/secrets/owner-password)
psql --no-psqlrc --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set password="$owner_password" <<'SQL'
-- A refused statement is not to be logged: it holds a password.
set log_min_error_statement = panic;
create role florin_owner login createrole password :'password';
create database florin owner florin_owner;
SQL
