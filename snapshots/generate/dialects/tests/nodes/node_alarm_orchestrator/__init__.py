"""Tests of node_alarm_orchestrator."""
