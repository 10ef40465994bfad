"""Tests of node_survey_orchestrator."""
